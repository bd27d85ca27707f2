using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>The map against the tensor list of the published Llama 4 Scout, on the meta device.</summary>
public sealed class ManifestTests
{
    private static readonly List<CheckpointTensor> Headers = ManifestHeaders.Read(Fixtures.Path("manifests", "llama-4-scout-17b-16e-instruct.tensors.json"));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(4, 16)]
    public void Scout_is_described_whole(int tensorSize, int expertSize)
    {
        using var model = Model(new Topology(tensorSize - 1, tensorSize, expertSize - 1, expertSize));
        var estimate = LoadPlan.Check(model, Headers);

        var own = Headers.Where(tensor => tensor.Name.StartsWith("language_model.", StringComparison.Ordinal)).ToList();
        Assert.Equal(1_133, Headers.Count);

        // A rank takes out of each tensor what its parameters hold, in bfloat16 on both sides; one rank alone takes all.
        var held = model.AllParameters().Sum(item => 2 * item.Parameter.ModelShape.Aggregate(1L, (count, size) => count * size));
        if (tensorSize * expertSize == 1) Assert.Equal(own.Sum(tensor => tensor.Length), held);
        Assert.Equal((own.Count, held), (estimate.Tensors, estimate.Bytes));
    }

    [Fact]
    public void Each_text_tensor_is_needed()
    {
        using var model = Model();
        var missing = Assert.Throws<LoadException>(() => LoadPlan.Check(model, Headers.Where(tensor => !tensor.Name.StartsWith("language_model.", StringComparison.Ordinal)))).Problems;

        Assert.All(missing, problem => Assert.Equal(LoadProblemKind.Missing, problem.Kind));
        Assert.Equal(
            Headers.Where(tensor => tensor.Name.StartsWith("language_model.", StringComparison.Ordinal)).Select(tensor => tensor.Name["language_model.".Length..]).Order(StringComparer.Ordinal),
            missing.Select(problem => problem.Tensor).Distinct().Order(StringComparer.Ordinal));
    }

    private static Llama4ForCausalLM Model(Topology? topology = null) =>
        new(Llama4Config.FromFile(Fixtures.Path("manifests", "llama-4-scout-17b-16e-instruct.config.json")), topology, torch.ScalarType.BFloat16, torch.META);
}
