using Lanyard.Checkpoints;
using Lanyard.Tests;
using Lanyard.Tests.Models.DeepSeek;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Benchmarks;

/// <summary>DeepSeek-V3 without weights: its tensor list, and the model on the meta device. The list is cut as the model is.</summary>
/// <param name="layers">How many of the 61 layers it has.</param>
internal sealed class PublishedModel(int layers)
{
    private readonly DeepSeekSizes _sizes = DeepSeekSizes.Read(Fixtures.Path("manifests", "deepseek-v3.config.json")) with { Layers = layers };

    public List<CheckpointTensor> Headers { get; } =
        [.. ManifestHeaders.Read(Fixtures.Path("manifests", "deepseek-v3.tensors.json")).Where(tensor => tensor.Name.Split('.') is not ["model", "layers", var layer, ..] || int.Parse(layer) is var index && (index < layers || index == 61))];

    public DeepSeekV3 Make() => new(_sizes, null, ScalarType.BFloat16, META);
}
