using Lanyard.Tests.Checksums;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>sglang 39942, vllm 54623 and 46265: scales that may be absent are 1 then; a loader that did not know their spelling took them for absent.</summary>
public sealed class AbsentScalesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PlacesScene _scene = new();

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    public static TheoryData<string[], float[], float[]> Files => new()
    {
        { ["k_proj.k_scale", "v_proj.v_scale"], [0.05f, 0.08f], [0.05f, 0.08f] },
        { ["qkv_proj.k_scale", "qkv_proj.v_scale"], [0.05f, 0.08f], [0.05f, 0.08f] },
        { ["k_scale", "v_scale"], [0.05f, 0.08f], [0.05f, 0.08f] },
        { ["kv_scale"], [0.06f], [0.06f, 0.06f] },
        { [], [], [1, 1] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_spelling_is_read_and_none_is_one(string[] names, float[] values, float[] right)
    {
        var given = Given(names, values);
        var format = names is ["kv_scale"] ? "old" : names is ["k_scale", _] ? "own" : names is ["qkv_proj.k_scale", _] ? "fused" : "";
        using var model = new CacheScales();
        var report = _scene.Files.Load(model, given);
        Check(model, right);
        Assert.Equal(names.Length == 0 ? ["key_scale", "value_scale", "bias"] : ["bias"], report.Absent.AsEnumerable());
        Assert.Contains("; absent: ", $"{report}", StringComparison.Ordinal);
        Proofs.Holds(model, given, format);
        _scene.Exports(model, given, format);
        foreach (var mode in PlacesScene.Modes)
        {
            using var other = new CacheScales();
            _scene.Files.Load(other, Given(["k_proj.k_scale", "v_proj.v_scale"], [7, 8]));
            PlacesScene.Refit(other, given, mode);
            Check(other, right);
            Proofs.Holds(other, given, format);
            _scene.Exports(other, given, format);
            PlacesScene.Streamed(other, given, mode);
            Check(other, right);

            // A refit of the norm alone keeps what was loaded.
            var norm = PlacesScene.Refit(other, PlacesScene.Tensors(("norm.weight", [5, 6])), mode, RefitScope.Subset);
            Assert.Empty(norm.Absent);
            Check(other, right, norm: [5, 6]);
            Assert.Equal(names.Length == 0, other.Parameters.KeyScale.IsAbsent);
        }
    }

    [Fact]
    public void In_a_model_of_layers_some_have_them()
    {
        Dictionary<string, Tensor> given = [];
        foreach (var (name, tensor) in Given([], [])) (given[$"layers.0.{name}"], given[$"layers.1.{name}"], given[$"layers.2.{name}"]) = (tensor, tensor, tensor);
        given["layers.1.k_scale"] = torch.tensor(0.05f);
        given["layers.1.v_scale"] = torch.tensor(0.08f);
        for (var head = 0; head < 4; head++) given[$"layers.2.bias.{head}"] = torch.tensor([head + 1f, 0]);
        var ranks = new[] { new CacheScaledLayers(3, new Topology(0, 2)), new CacheScaledLayers(3, new Topology(1, 2)) };
        foreach (var rank in ranks)
        {
            _scene.Files.Load(rank, given);
            Check(rank.Layers[0], [1, 1]);
            Check(rank.Layers[1], [0.05f, 0.08f]);
            var first = 2 * rank.Layers[0].Parameters.Topology.TensorRank;
            Assert.Equal([first + 1f, 0, first + 2, 0, 0, 0], PlacesScene.Values(rank.Layers[2].Bias));
            Assert.All(rank.Layers.Take(2), layer => Assert.Equal(new float[6], PlacesScene.Values(layer.Bias)));
            Proofs.Holds(rank, given, "own");
        }
        _scene.Merges(ranks, given, "own");
        foreach (var rank in ranks) rank.Dispose();
    }

    [Fact]
    public void A_value_that_came_is_written_though_it_is_the_default_and_so_is_one_that_was_patched()
    {
        using var model = new CacheScales();
        var given = Given(["k_proj.k_scale", "v_proj.v_scale"], [1, 1]);
        _scene.Files.Load(model, given);
        _scene.Exports(model, given);
        _scene.Files.Load(model, Given([], []));
        PlacesScene.Patch(model, "v_proj.v_scale", RefitMode.Staged, (0, 0.5f));
        _scene.Exports(model, Given(["v_proj.v_scale"], [0.5f]));

        // One tensor for both is written for the one that has a value, or not at all.
        Assert.Equal((ExportProblemKind.Overlap, "kv_scale"), _scene.NotExported(model, "old").Problems.Select(problem => (problem.Kind, problem.Name)).Single());
        PlacesScene.Patch(model, "v_proj.v_scale", RefitMode.InPlace, (0, 1));
        _scene.Exports(model, Given(["kv_scale"], [1]), "old");
    }

    [Fact]
    public void A_checksum_tells_what_a_trainer_has_and_the_model_has_not()
    {
        using var model = new CacheScales();
        _scene.Files.Load(model, Given([], []));
        var held = model.Checksums();
        Assert.Equal(["k_proj.k_scale", "qkv_proj.k_scale", "k_scale", "kv_scale"], held.Slots.Single(slot => slot.Parameter == "key_scale").Absent.AsEnumerable());
        using var stream = new MemoryStream();
        held.WriteTo(stream);
        stream.Position = 0;
        Assert.Equal(held.Slots.AsEnumerable(), WeightChecksums.Read(stream).Slots);

        Assert.True(Proofs.Compare(model, Given(["k_proj.k_scale"], [1])).IsProof);
        Assert.Equal("key_scale", Assert.Single(Proofs.Compare(model, Given(["k_proj.k_scale"], [0.5f])).Differing).Parameter);
        var other = Proofs.Compare(model, Given(["kv_scale"], [0.06f]));
        Assert.Equal(["key_scale", "value_scale"], other.Differing.Select(slot => slot.Parameter));
        Assert.All(other.Differing, slot => Assert.Equal("the trainer has kv_scale, and the model was loaded without it", slot.Reason));

        using (no_grad()) model.KeyScale.fill_(2);
        Assert.Equal("key_scale", Assert.Single(Proofs.Compare(model, Given([], [])).Faults).Parameter);
    }

    [Fact]
    public void A_spelling_that_is_not_declared_is_unexpected()
    {
        using var model = new CacheScales();
        var problem = Assert.Single(_scene.Files.Refused(model, Given(["attn.k_scale"], [0.05f])));
        Assert.Equal((LoadProblemKind.Unexpected, "attn.k_scale"), (problem.Kind, problem.Tensor));
    }

    [Fact]
    public void No_other_parameter_may_stay_away_and_none_in_part()
    {
        using var model = new CacheScales(new Topology(1, 2));
        Assert.Equal((LoadProblemKind.Missing, "norm.weight"), _scene.Files.Refused(model, PlacesScene.Tensors()).Select(problem => (problem.Kind, problem.Tensor)).Single());

        // Of tensors of which another rank holds all, too: it would have the bias, and this one the default.
        var given = Given([], []);
        given.Add("bias.0", torch.tensor([1f, 2]));
        Assert.Equal(["bias.2", "bias.3"], _scene.Files.Refused(model, given).Select(problem => problem.Tensor).Order());
        Assert.All(_scene.Files.Refused(model, given), problem => Assert.Equal(LoadProblemKind.Missing, problem.Kind));
    }

    private static Dictionary<string, Tensor> Given(string[] names, float[] values)
    {
        var given = PlacesScene.Tensors(("norm.weight", [3, 4]));
        foreach (var (name, value) in names.Zip(values)) given.Add(name, torch.tensor(value));
        return given;
    }

    private static void Check(CacheScales model, float[] right, float[]? norm = null)
    {
        Assert.Equal(right, PlacesScene.Values(model.KeyScale).Concat(PlacesScene.Values(model.ValueScale)));
        Assert.Equal([right[0] * right[1]], PlacesScene.Values(model.Product));
        Assert.Equal(norm ?? [3, 4], PlacesScene.Values(model.Norm));
    }
}
