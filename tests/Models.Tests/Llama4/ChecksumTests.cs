using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>The engine holds what the checkpoints of transformers have, in every form, on every rank, before and after refits.</summary>
public sealed class ChecksumTests
{
    [Theory]
    [InlineData("llama4", null, ScalarType.Float32)]
    [InlineData("llama4", null, ScalarType.BFloat16)]
    [InlineData("llama4-per-expert", "per-expert", ScalarType.Float32)]
    [InlineData("llama4-published", null, ScalarType.Float32)]
    public void Engine_and_checkpoint_agree_in_every_form(string form, string? format, ScalarType type)
    {
        using var model = Llama4ForCausalLM.FromConfig(Fixtures.Path(form), dtype: type);
        using Checkpoint first = Checkpoint.Open(Fixtures.Path(form)), second = Checkpoint.Open(Fixtures.Path(form, "refit"));
        LoadPlan.Create(model, first).Execute();
        Holds(model, first, format);
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            using (var refit = model.BeginRefit(mode))
            {
                refit.Write(second);
                refit.Commit();
            }
            Holds(model, second, format);
            LoadPlan.Create(model, first).Execute(mode: mode);
            Holds(model, first, format);
        }
        var held = model.Checksums(format);
        var stale = held.Compare(WeightChecksums.Of(second, held));
        Assert.InRange(stale.Differing.Length, held.Slots.Length / 2, held.Slots.Length);
    }

    [Theory]
    [InlineData("llama4", null)]
    [InlineData("llama4-per-expert", "per-expert")]
    public void Each_rank_agrees_and_together_they_hold_everything(string form, string? format)
    {
        var config = Llama4Config.Load(Fixtures.Path("llama4"));
        using var checkpoint = Checkpoint.Open(Fixtures.Path(form));
        using var whole = Load(form);
        var elements = new Dictionary<string, long>();
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = new Llama4ForCausalLM(config, new Topology(rank, 2));
            LoadPlan.Create(model, checkpoint).Execute();
            foreach (var slot in Holds(model, checkpoint, format).Slots) elements[slot.Tensor] = elements.GetValueOrDefault(slot.Tensor) + slot.Region.Count;
        }
        foreach (var tensor in whole.Checksums(format).Slots.GroupBy(slot => slot.Tensor))
        {
            var count = tensor.Sum(slot => slot.Region.Count);
            Assert.True(elements[tensor.Key] == count || elements[tensor.Key] == 2 * count, tensor.Key);
        }
    }

    [Fact]
    public void A_float32_trainer_agrees_with_a_bfloat16_engine()
    {
        using var scope = NewDisposeScope();
        using var model = Llama4ForCausalLM.FromConfig(Fixtures.Path("llama4"), dtype: ScalarType.BFloat16);
        using var checkpoint = Checkpoint.Open(Fixtures.Path("llama4"));
        var tensors = checkpoint.Tensors.Values.Where(tensor => tensor.DType.IsFloatingPoint()).Select(tensor => (tensor.Name, checkpoint.View(tensor).to_type(ScalarType.Float32) * 1.01)).ToList();
        using (var refit = model.BeginRefit(options: new LoadOptions { AllowNarrowing = true }))
        {
            foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
            refit.Commit();
        }
        var held = model.Checksums();
        held.Compare(WeightChecksums.Of(tensors, held)).ThrowUnlessProven();
        Assert.Equal(held.Slots.Length, held.Compare(WeightChecksums.Of(checkpoint, held)).Differing.Length);
    }

    /// <summary>vLLM 42821, where all sizes are equal: the refit wrote the padded kernel weight as if it were the checkpoint's.</summary>
    [Fact]
    public void An_expert_that_was_written_in_the_checkpoint_s_layout_is_named()
    {
        using var square = new SquareCheckpoint();
        using var model = Llama4ForCausalLM.FromConfig(square.Fused);
        using var checkpoint = Checkpoint.Open(square.Fused);
        LoadPlan.Create(model, checkpoint).Execute();
        Holds(model, checkpoint, null);
        var (_, w2) = model.AllParameters().Single(item => item.Name.EndsWith("experts.w2_weight", StringComparison.Ordinal));
        using (no_grad())
        using (NewDisposeScope())
            w2.Value.narrow(2, 0, SquareCheckpoint.Size).copy_(checkpoint.View(checkpoint.Tensors["model.layers.1.feed_forward.experts.down_proj"]));

        var held = model.Checksums();
        var report = held.Compare(WeightChecksums.Of(checkpoint, held));

        Assert.Equal((1, held.Slots.Length - 1), (report.Differing.Length, report.Agreeing));
        Assert.Equal(
            $"""
            The model does not hold what the trainer sent: {report.Agreeing} slots agree, 1 differs.
              differs:       model.layers.1.feed_forward.experts.down_proj F32 (parameter model.layers.1.feed_forward.experts.w2_weight): it holds other bits
            """,
            Assert.Throws<ChecksumException>(() => report.ThrowUnlessProven()).Message);
    }

    private static WeightChecksums Holds(Llama4ForCausalLM model, Checkpoint checkpoint, string? format)
    {
        var held = model.Checksums(format);
        var report = held.Compare(WeightChecksums.Of(checkpoint, held));
        report.ThrowUnlessProven();
        Assert.Equal(held.Slots.Length, report.Agreeing);
        return held;
    }

    private static Llama4ForCausalLM Load(string form)
    {
        var model = Llama4ForCausalLM.FromConfig(Fixtures.Path(form));
        using var checkpoint = Checkpoint.Open(Fixtures.Path(form));
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }
}
