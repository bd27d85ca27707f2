using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>Whatever is not what the trainer sent is found, and exactly that is named.</summary>
public sealed class DifferenceTests : IDisposable
{
    private readonly TinyScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void One_bit_in_any_slot_is_found_there_and_nowhere_else(int ranks, int rank)
    {
        using var model = new TinyModel(_scene.Sizes, new Topology(rank, ranks));
        _scene.Load(_scene.First, model);
        var held = model.Checksums("per-expert");
        var tensors = TinyWeights.PerExpert(_scene.First).ToDictionary(item => item.Key, item => item.Value.clone());
        var random = new Random(11);
        foreach (var slot in held.Slots)
        {
            var elements = Proofs.Elements(slot.Region).ToArray();
            foreach (var element in new[] { elements[0], elements[^1], elements[random.Next(elements.Length)] })
            {
                var bit = random.Next(32);
                Proofs.Flip(tensors[slot.Tensor], element, bit);
                var report = held.Compare(WeightChecksums.Of(tensors.Select(item => (item.Key, item.Value)), held));
                Assert.Equal([slot], report.Differing.AsEnumerable());
                Assert.Equal(held.Slots.Length - 1, report.Agreeing);
                Proofs.Flip(tensors[slot.Tensor], element, bit);
            }
        }
    }

    [Fact]
    public void One_bit_of_the_live_weights_is_found_wherever_it_lies()
    {
        _scene.Load(_scene.First);
        var sent = WeightChecksums.Of(_scene.First.Select(item => (item.Key, item.Value)), _scene.Model.Checksums());
        var (random, found) = (new Random(12), new HashSet<(string, SlotRegion)>());
        foreach (var (name, parameter) in _scene.Model.AllParameters())
        {
            for (var i = 0; i < 25; i++)
            {
                var (element, bit) = (random.NextInt64(parameter.Value.numel()), random.Next(32));
                Proofs.Flip(parameter.Value, element, bit);
                var report = _scene.Model.Checksums().Compare(sent);
                Proofs.Flip(parameter.Value, element, bit);

                // Nothing is read back from what post-load added: a derived parameter, and the last four columns of w2.
                var added = parameter.Entry.Sources.IsEmpty || (name.EndsWith("w2_weight", StringComparison.Ordinal) && element % 16 >= 12);
                Assert.Equal(added ? 0 : 1, report.Differing.Length);
                Assert.All(report.Differing, slot => Assert.Equal(name, slot.Parameter));
                found.UnionWith(report.Differing.Select(slot => (slot.Tensor, slot.Region)));
            }
        }
        Assert.Equal(sent.Slots.Length, found.Count);
    }

    /// <summary>vLLM 42821: the loader ran against a tensor in another layout of the same shape, and wrote without an error.</summary>
    [Fact]
    public void A_layout_that_was_written_wrong_without_an_error_is_found()
    {
        var sizes = new TinySizes(Layers: 2, Hidden: 8, Intermediate: 8, HeadDim: 2, Experts: 8);
        using var scene = new TinyScene(sizes);
        scene.Load(scene.First);
        Proofs.Holds(scene.Model, scene.First);
        var w2 = scene.Model.Layers[1].FeedForward.W2Weight;
        using (no_grad()) w2.copy_(scene.First["layers.1.mlp.experts.down_proj"]);

        var report = Proofs.Compare(scene.Model, scene.First);
        Assert.Equal(("layers.1.mlp.experts.down_proj", "layers.1.mlp.experts.w2_weight"), (Assert.Single(report.Differing).Tensor, report.Differing[0].Parameter));
        Assert.True(report.HasDifferences);
        Assert.Equal(report, Assert.Throws<ChecksumException>(() => report.ThrowUnlessProven(allowUnverifiable: true)).Report);
    }

    [Fact]
    public void Two_experts_that_were_exchanged_are_found()
    {
        _scene.Load(_scene.First);
        var tensors = TinyWeights.PerExpert(_scene.First);
        (tensors["layers.0.mlp.experts.0.up_proj.weight"], tensors["layers.0.mlp.experts.2.up_proj.weight"]) = (tensors["layers.0.mlp.experts.2.up_proj.weight"], tensors["layers.0.mlp.experts.0.up_proj.weight"]);
        Assert.Equal(
            ["layers.0.mlp.experts.0.up_proj.weight", "layers.0.mlp.experts.2.up_proj.weight"],
            Proofs.Compare(_scene.Model, tensors, "per-expert").Differing.Select(slot => slot.Tensor));
    }

    [Fact]
    public void Padding_that_is_not_zero_is_a_fault_of_the_parameter()
    {
        using var projection = new TinyProjection(5, 3);
        using var placed = new PlacedLayer(new Topology(3, 4));
        _scene.Load(new Dictionary<string, Tensor> { ["weight"] = torch.randn(5, 3) }, projection);
        var weights = new Dictionary<string, Tensor> { ["experts"] = torch.randn(3, 5), ["embed"] = torch.randn(10, 3), ["head"] = torch.randn(10, 3) };
        _scene.Load(weights, placed);
        Proofs.Holds(placed, weights);
        Assert.Empty(projection.Checksums().Faults);
        using (no_grad())
        {
            projection.Weight[1, 5] = 0.25f;
            projection.Weight[2, 7] = -1f;
            placed.Head[0, 1] = 1f;
        }

        Assert.Equal([new ParameterFault("weight", "2 of 9 elements of padding are not zero")], projection.Checksums().Faults.AsEnumerable());
        var report = Proofs.Compare(placed, weights);
        Assert.Equal([new ParameterFault("head", "1 of 21 elements of padding are not zero")], report.Faults.AsEnumerable());
        Assert.Equal((true, false), (report.HasDifferences, report.IsProof));
    }

    [Fact]
    public void What_the_trainer_lacks_has_of_other_ranks_or_has_in_another_shape_or_type_is_told_apart()
    {
        _scene.Load(_scene.First);
        var held = _scene.Model.Checksums();
        var tensors = new Dictionary<string, Tensor>(_scene.First);
        tensors.Remove("layers.0.self_attn.v_proj.weight");
        tensors["layers.1.self_attn.v_proj.weight"] = tensors["layers.1.self_attn.v_proj.weight"].t().contiguous();
        tensors["norm.weight"] = torch.ones(10, ScalarType.Int32);
        using var rank = new TinyModel(_scene.Sizes, new Topology(1, 2));
        _scene.Load(_scene.First, rank);
        var elsewhere = rank.Checksums().Slots.Single(slot => slot.Tensor == "layers.0.self_attn.k_proj.weight");

        var report = held.Compare(new WeightChecksums([.. WeightChecksums.Of(tensors.Select(item => (item.Key, item.Value)), held).Slots, elsewhere]));

        Assert.Equal(["layers.0.self_attn.v_proj.weight"], report.Missing.Select(slot => slot.Tensor));
        Assert.Equal([elsewhere], report.Unknown.AsEnumerable());
        Assert.Equal(
            [
                ("norm.weight", "the trainer has it as I32, the model takes F32"),
                ("layers.1.self_attn.v_proj.weight", "the trainer has it as [10, 12], the model takes [12, 10]"),
            ],
            report.Differing.Select(slot => (slot.Tensor, slot.Reason)));
        Assert.Equal(held.Slots.Length - 3, report.Agreeing);
        Assert.Equal(
            """
            The model does not hold what the trainer sent: 10 slots agree, 2 differ, 1 is missing, 1 is unknown.
              differs:       norm.weight F32 (parameter norm): the trainer has it as I32, the model takes F32
              differs:       layers.1.self_attn.v_proj.weight F32 (parameter layers.1.self_attn.qkv_weight): the trainer has it as [10, 12], the model takes [12, 10]
              missing:       layers.0.self_attn.v_proj.weight F32 (parameter layers.0.self_attn.qkv_weight): the trainer has no checksum of it
              unknown:       layers.0.self_attn.k_proj.weight F32, elements 60..119 (parameter layers.0.self_attn.qkv_weight): the model has no such slot
            """,
            Assert.Throws<ChecksumException>(() => report.ThrowUnlessProven()).Message);
    }

    [Fact]
    public void Alike_names_are_folded_into_one_line()
    {
        _scene.Load(_scene.First);
        Assert.Equal("The model holds what the trainer sent: 13 slots agree.", Proofs.Compare(_scene.Model, _scene.First).ToString());
        Assert.Equal(
            """
            The model does not hold what the trainer sent: 7 slots agree, 20 differ.
              differs:       layers.{0,1}.self_attn.q_proj.weight F32 (parameter layers.{0,1}.self_attn.qkv_weight): it holds other bits
              differs:       layers.{0,1}.mlp.experts.{0..2}.gate_proj.weight F32 (parameter layers.{0,1}.mlp.experts.w13_weight): it holds other bits
              differs:       layers.{0,1}.mlp.experts.{0..2}.up_proj.weight F32 (parameter layers.{0,1}.mlp.experts.w13_weight): it holds other bits
              differs:       layers.{0,1}.mlp.experts.{0..2}.down_proj.weight F32 (parameter layers.{0,1}.mlp.experts.w2_weight): it holds other bits
            """,
            Proofs.Compare(_scene.Model, TinyWeights.PerExpert(_scene.Second).ToDictionary(item => item.Key, item => item.Key.Contains("experts") || item.Key.Contains("q_proj") ? item.Value : _scene.First[item.Key]), "per-expert").ToString());
    }

    [Fact]
    public void A_view_that_negates_its_one_element_is_hashed_as_it_reads()
    {
        using var model = new FormatsLinear(1, 1);
        var negated = complex(zeros(1, 1), ones(1, 1)).conj().imag;
        using (var refit = model.BeginRefit(options: new LoadOptions { Format = "plain" }))
        {
            refit.Write("weight", negated);
            refit.Commit();
        }
        var held = model.Checksums("plain");
        held.Compare(WeightChecksums.Of([("weight", negated)], held)).ThrowUnlessProven();
    }
}
