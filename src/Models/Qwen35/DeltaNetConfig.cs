namespace Lanyard.Models.Qwen35;

/// <summary>The sizes of a gated delta net.</summary>
public sealed record DeltaNetConfig
{
    /// <summary>The number of query and key heads.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>The number of value heads; as many of them read each key head.</summary>
    public required int ValueHeads { get; init; }

    /// <summary>The width of a query or key head.</summary>
    public required int KeyDim { get; init; }

    /// <summary>The width of a value head.</summary>
    public required int ValueDim { get; init; }

    /// <summary>How many tokens the convolution sees, the own one among them.</summary>
    public int Kernel { get; init; } = 4;
}
