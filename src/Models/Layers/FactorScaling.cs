using System.Collections.Immutable;

namespace Lanyard.Models.Layers;

/// <summary>Each frequency is divided by a factor of its own, as GGUF has them in <c>rope_freqs.weight</c>.</summary>
/// <param name="Factors">One for each pair.</param>
public sealed record FactorScaling(ImmutableArray<double> Factors) : RotaryScaling
{
    internal override float[] Scale(float[] frequencies, double theta) => frequencies.Length == Factors.Length
        ? [.. frequencies.Zip(Factors, static (frequency, factor) => frequency / (float)factor)]
        : throw new ArgumentException($"There are {Factors.Length} factors for {frequencies.Length} frequencies.");
}
