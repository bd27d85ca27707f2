namespace Lanyard.Models.Layers;

/// <summary>What distinguishes one attention with grouped heads from another.</summary>
public sealed record AttentionConfig
{
    /// <summary>The width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>The number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>The number of key and value heads; each serves as many query heads.</summary>
    public required int KvHeads { get; init; }

    /// <summary>The width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>How queries and keys are turned; null where they are not.</summary>
    public RotaryEmbedding? Rotary { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool HasBias { get; init; }

    /// <summary>Whether the output projection has a bias.</summary>
    public bool HasOutputBias { get; init; }

    /// <summary>What the norms of each query and key head add to the mean square; null where there are no such norms.</summary>
    public double? NormEps { get; init; }

    /// <summary>Whether these norms are of all query heads together, and of all key heads.</summary>
    public bool HasWideNorms { get; init; }

    /// <summary>Whether each head has a score that nothing stands behind: what it takes of the probability is lost.</summary>
    public bool HasSinks { get; init; }

    /// <summary>How many keys a query sees, its own among them; null for all.</summary>
    public int? Window { get; init; }
}
