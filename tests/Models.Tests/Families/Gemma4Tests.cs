using Lanyard.Models.Gemma4;
using Lanyard.Models.Layers;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>Keys and values that several layers read, and what lies between the layers.</summary>
public sealed class Gemma4Tests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("gemma4")]
    [InlineData("gemma4-moe")]
    public void Single_tokens_with_states_give_what_the_whole_gives(string form)
    {
        using var model = Load(form);
        using var scope = NewDisposeScope();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(form));
        var states = Enumerable.Range(0, model.BlockCount).Select(static _ => new PlainState()).ToList();
        for (var i = 0; i < 41; i++) Assert.InRange(ExpectedOutputs.LargestDifference(model.Logits(expected.InputIds[.., i..(i + 1)], i, states), expected.Logits[.., i..(i + 1)]), 0, Tolerance);

        // A layer that reads the keys of another keeps none.
        Assert.Equal(form == "gemma4" ? [true, true, true, false, false] : [true, true, true, true], states.Select(static state => state.Get("key") is not null));
        foreach (var state in states) state.Dispose();
    }

    [Theory]
    [InlineData("gemma4")]
    [InlineData("gemma4-moe")]
    public void What_lies_between_the_layers_is_that_of_the_reference(string form)
    {
        using var model = Load(form);
        using var _ = no_grad();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(form));
        var states = model.Model.HiddenStates(expected.InputIds);
        Assert.Equal(expected.HiddenStates.Count, states.Count);
        Assert.All(states.Zip(expected.HiddenStates), static pair => Assert.InRange(ExpectedOutputs.LargestDifference(pair.First, pair.Second), 0, Tolerance));
    }

    [Fact]
    public void A_layer_without_the_one_whose_keys_it_reads_says_so()
    {
        using var model = Load("gemma4");
        using var _ = no_grad();
        using var positions = new Positions(0, 3, CPU);
        using var hidden = zeros(1, 3, model.Config.Decoder.HiddenSize);
        Assert.Contains("(keys of layer, 1)", Assert.Throws<InvalidOperationException>(() => model.Model.Layers[3].call(hidden, positions, null)).Message, StringComparison.Ordinal);
    }

    private static Gemma4ForCausalLM Load(string form) => AutoModel.FromPretrained<Gemma4ForCausalLM>(Fixtures.Path(form), new PretrainedOptions { Type = ScalarType.Float32 });
}
