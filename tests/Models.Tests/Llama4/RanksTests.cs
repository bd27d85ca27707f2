using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>What ranks compute together is what one computes, in the kernel layout too, which each rank pads for itself.</summary>
public sealed class RanksTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void Logits_are_those_of_the_reference(int tensorSize, int expertSize)
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path("llama4"));
        var differences = InProcessRanks.Run(tensorSize, expertSize, (topology, ranks) =>
        {
            using var model = AutoModel.FromPretrained<Llama4ForCausalLM>(Fixtures.Path("llama4"), new PretrainedOptions { Topology = topology, Type = ScalarType.Float32 }).Join(ranks);
            using var logits = model.Logits(expected.InputIds);
            return ExpectedOutputs.LargestDifference(logits, expected.Logits);
        });
        Assert.All(differences, difference => Assert.InRange(difference, 0, 1e-4));
    }
}
