namespace Lanyard.Models.NemotronH;

/// <summary>The sizes of Mamba-2.</summary>
public sealed record MambaConfig
{
    /// <summary>The number of heads.</summary>
    public required int Heads { get; init; }

    /// <summary>The width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>The number of groups, of as many heads each.</summary>
    public required int Groups { get; init; }

    /// <summary>The width of keys and queries.</summary>
    public required int State { get; init; }

    /// <summary>How many tokens the convolution sees, the own one among them.</summary>
    public int Kernel { get; init; } = 4;

    /// <summary>Whether the convolution has a bias.</summary>
    public bool HasConvBias { get; init; } = true;
}
