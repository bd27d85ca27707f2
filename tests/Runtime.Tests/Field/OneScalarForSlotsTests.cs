using Lanyard.Tests.Checksums;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>sglang 28546 and 14102, vllm 39765: one stored scale of a fused layer went to the first of its two places, and the second kept what was in memory.</summary>
public sealed class OneScalarForSlotsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PlacesScene _scene = new();
    private readonly InputScales _model = new();

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
        _scene.Dispose();
    }

    public static TheoryData<string, float[]> Came => new()
    {
        { "apart", [0.25f, 0.5f] },
        { "one", [0.25f, 0.25f] },
        { "one of shape [1]", [0.25f, 0.25f] },
        { "listed", [0.25f, 0.5f] },
    };

    [Theory]
    [MemberData(nameof(Came))]
    public void Both_places_have_what_came(string what, float[] right)
    {
        var (given, format) = Given(what);
        _scene.Files.Load(_model, given);
        Check(right);
        Proofs.Holds(_model, given, format);
        foreach (var mode in PlacesScene.Modes)
        {
            using var other = new InputScales();
            _scene.Files.Load(other, Given("listed").Tensors.Select(tensor => KeyValuePair.Create(tensor.Key, tensor.Value * 8)));
            PlacesScene.Refit(other, given, mode);
            Assert.Equal(right, PlacesScene.Values(other.Scales));
            Assert.Equal([right.Max()], PlacesScene.Values(other.Largest));
            PlacesScene.Streamed(other, given, mode);
            Proofs.Holds(other, given, format);
        }
        if (what == "one of shape [1]") given["gate_up_proj.input_scale"] = torch.tensor(0.25f);
        _scene.Exports(_model, given, format);
    }

    [Fact]
    public void One_then_two_then_one()
    {
        foreach (var mode in PlacesScene.Modes)
        {
            using var model = new InputScales();
            _scene.Files.Load(model, One(0.25f));
            PlacesScene.Refit(model, Given("apart").Tensors, mode);
            Assert.Equal([0.25f, 0.5f], PlacesScene.Values(model.Scales));
            PlacesScene.Refit(model, One(0.75f), mode);
            Assert.Equal([0.75f, 0.75f], PlacesScene.Values(model.Scales));
            Assert.Equal([0.75f], PlacesScene.Values(model.Largest));
        }
    }

    [Fact]
    public void A_patch_of_the_one_changes_both_and_a_checksum_proves_both()
    {
        _scene.Files.Load(_model, One(0.25f));
        foreach (var (mode, value) in new[] { (RefitMode.Staged, 0.5f), (RefitMode.InPlace, 0.125f) })
        {
            PlacesScene.Patch(_model, "gate_up_proj.input_scale", mode, (0, value));
            Check([value, value]);
            Proofs.Holds(_model, One(value), "fused");
        }
        using (no_grad()) _model.Scales[1].fill_(3);
        var report = Proofs.Compare(_model, One(0.125f), "fused");
        Assert.Equal((1, 1), (report.Agreeing, report.Differing.Length));
    }

    [Fact]
    public void Two_values_have_no_room_in_one_place()
    {
        _scene.Files.Load(_model, Given("apart").Tensors);
        var problem = Assert.Single(_scene.NotExported(_model, "fused").Problems);
        Assert.Equal((ExportProblemKind.Overlap, "gate_up_proj.input_scale"), (problem.Kind, problem.Name));
        _scene.Exports(_model, Given("apart").Tensors);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(1, 4)]
    public void A_row_of_all_experts_is_in_every_place_on_every_rank(int tensor, int expert)
    {
        var given = PlacesScene.Tensors(("scale", [1, 2, 3, 4]));
        using var apart = new RepeatedRows();
        _scene.Files.Load(apart, given);
        var each = Enumerable.Range(0, 3).SelectMany(e => new[] { $"experts.{e}.gate.scale", $"experts.{e}.up.scale" }).ToDictionary(name => name, _ => given["scale"]);
        _scene.Exports(apart, each, "");
        var ranks = Enumerable.Range(0, tensor * expert).Select(rank => new RepeatedRows(new Topology(rank % tensor, tensor, rank / tensor, expert))).ToList();
        foreach (var rank in ranks)
        {
            _scene.Files.Load(rank, each);
            foreach (var mode in PlacesScene.Modes)
            {
                using (no_grad()) rank.Scale.zero_();
                PlacesScene.Refit(rank, given, mode);
                Assert.Equal(Expected(rank), PlacesScene.Values(rank.Scale));
                PlacesScene.Streamed(rank, given, mode);
                Assert.Equal(Expected(rank), PlacesScene.Values(rank.Scale));
                Proofs.Holds(rank, given, "shared");
                PlacesScene.Patch(rank, "scale", mode, (2, 30));
                PlacesScene.Patch(rank, "scale", mode, (2, 3));
            }
        }
        _scene.Merges(ranks, given, "shared");
        _scene.Merges(ranks, each, "");
        if (ranks[0].Scale.numel() > 0)
        {
            using (no_grad()) ranks[0].Scale.flatten()[0].fill_(8);
            var problem = Assert.Single(_scene.NotExported(ranks[0], "shared").Problems);
            Assert.Equal(ExportProblemKind.Overlap, problem.Kind);
        }
        ranks.ForEach(rank => rank.Dispose());

        float[] Expected(RepeatedRows rank)
        {
            var (rows, places) = ((int)rank.Scale.shape[0], (int)rank.Scale.shape[1]);
            return [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Repeat(1f + row + (rank.Parameters.Topology.TensorRank * rows), places))];
        }
    }

    private static Dictionary<string, Tensor> One(float value) => new() { ["gate_up_proj.input_scale"] = torch.tensor(value) };

    private static (Dictionary<string, Tensor> Tensors, string Format) Given(string what) => what switch
    {
        "apart" => (new() { ["gate_proj.input_scale"] = torch.tensor(0.25f), ["up_proj.input_scale"] = torch.tensor(0.5f) }, ""),
        "one" => (One(0.25f), "fused"),
        "one of shape [1]" => (new() { ["gate_up_proj.input_scale"] = torch.tensor([0.25f]) }, "fused"),
        _ => (new() { ["gate_up_proj.input_scales"] = torch.tensor([0.25f, 0.5f]) }, "listed"),
    };

    private void Check(float[] right)
    {
        Assert.Equal(right, PlacesScene.Values(_model.Scales));
        Assert.Equal([right.Max()], PlacesScene.Values(_model.Largest));
    }
}
