using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>Layer by layer against what transformers computes in float32.</summary>
public class Llama4ReferenceTests
{
    [Theory]
    [InlineData]
    [InlineData("refit")]
    public void Every_layer_gives_what_the_reference_gives(params string[] below)
    {
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(["llama4", .. below]));
        using var model = Load(Fixtures.Path(["llama4", .. below]), ScalarType.Float32);

        var states = model.Model.HiddenStates(expected.InputIds);

        Assert.Equal(expected.HiddenStates.Count, states.Count);
        for (var i = 0; i < states.Count; i++) Assert.InRange(ExpectedOutputs.LargestDifference(expected.HiddenStates[i], states[i]), 0, 1e-4);
        Assert.InRange(ExpectedOutputs.LargestDifference(expected.Logits, model.Logits(expected.InputIds)), 0, 1e-4);
    }

    [Fact]
    public void Without_kernel_layouts_it_gives_the_same_from_weights_without_padding()
    {
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path("llama4"));
        using var padded = Load(Fixtures.Path("llama4"), ScalarType.Float32);
        using var model = AutoModel.FromPretrained<Llama4ForCausalLM>(Fixtures.Path("llama4"), new PretrainedOptions { Type = ScalarType.Float32, KernelLayouts = false });
        Assert.True(model.parameters().Sum(parameter => parameter.numel()) < padded.parameters().Sum(parameter => parameter.numel()));
        Assert.InRange(ExpectedOutputs.LargestDifference(expected.Logits, model.Logits(expected.InputIds)), 0, 1e-4);
    }

    [Fact]
    public void In_bfloat16_only_tokens_that_visit_another_expert_are_far_from_the_reference()
    {
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path("llama4"));
        using var model = Load(Fixtures.Path("llama4"), ScalarType.BFloat16);

        var apart = (model.Logits(expected.InputIds).to(ScalarType.Float32) - expected.Logits).abs().amax([-1]).flatten().data<float>().ToArray();

        // Where two experts are nearly as likely, rounding decides between them: 2 of the 82 tokens here.
        Assert.InRange(apart.Count(difference => difference > 0.3), 0, 4);
    }

    private static Llama4ForCausalLM Load(string directory, ScalarType type)
    {
        var model = Llama4ForCausalLM.FromConfig(directory, dtype: type);
        using var checkpoint = Checkpoint.Open(directory);
        Assert.Empty(LoadPlan.Create(model, checkpoint).Execute().Warnings);
        return model;
    }
}
