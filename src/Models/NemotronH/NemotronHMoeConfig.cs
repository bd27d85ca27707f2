namespace Lanyard.Models.NemotronH;

/// <summary>The sizes of a mixture.</summary>
public sealed record NemotronHMoeConfig
{
    /// <summary>The number of experts.</summary>
    public required int Experts { get; init; }

    /// <summary>How many of them a token visits.</summary>
    public required int Choices { get; init; }

    /// <summary>The inner width of an expert.</summary>
    public required int Intermediate { get; init; }

    /// <summary>The inner width of the expert that every token visits.</summary>
    public required int SharedIntermediate { get; init; }

    /// <summary>The width in which experts work; null for that of the residual stream.</summary>
    public int? Latent { get; init; }

    /// <summary>Whether the weights of a token's experts add up to one before they are scaled.</summary>
    public bool NormTopkProb { get; init; } = true;

    /// <summary>What the weights are multiplied with.</summary>
    public double RoutedScalingFactor { get; init; } = 1;
}
