using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Layers;

/// <summary>An expert may have several places, on one rank or on several: the sum has what it makes once.</summary>
public sealed class PlacedExpertsTests
{
    [Theory]
    [InlineData("mixtral", 6)]
    [InlineData("gpt-oss", 5)]
    [InlineData("llama4", 5)]
    public void What_is_there_several_times_counts_once(string form, int experts)
    {
        var all = Enumerable.Range(0, experts).Select(expert => (long)expert);
        var placement = ExpertPlacement.Listed([[1, 0, 1], [2, .. all.Reverse()]]);
        using var expected = ExpectedOutputs.Read(Fixtures.Path(form));
        var differences = InProcessRanks.Run(1, 2, (topology, ranks) =>
        {
            using var _ = no_grad();
            using var model = AutoModel.FromPretrained(Fixtures.Path(form), new PretrainedOptions { Topology = topology with { ExpertPlacement = placement }, Type = ScalarType.Float32 });
            using var logits = ((nn.Module<Tensor, Tensor>)model.Join(ranks)).call(expected.InputIds);
            return ExpectedOutputs.LargestDifference(logits, expected.Logits);
        });
        Assert.All(differences, difference => Assert.InRange(difference, 0, 1e-4));
    }
}
