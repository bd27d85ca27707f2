namespace Lanyard.Models.Layers;

/// <summary>What a configuration says of mixtures of experts, beside what it says of all layers.</summary>
public sealed record MixtureConfig
{
    /// <summary>What it says of all layers.</summary>
    public required DecoderConfig Decoder { get; init; }

    /// <summary>The number of routed experts in a mixture.</summary>
    public required int NumExperts { get; init; }

    /// <summary>How many routed experts a token visits.</summary>
    public required int NumExpertsPerTok { get; init; }

    /// <summary>The inner width of an expert.</summary>
    public required int MoeIntermediateSize { get; init; }

    /// <summary>Whether the weights of a token's experts add up to one.</summary>
    public bool NormTopkProb { get; init; } = true;

    /// <summary>The layers that have a feed-forward block in place of a mixture.</summary>
    public IReadOnlyCollection<int> DenseLayers { get; init; } = [];

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate()
    {
        Decoder.Validate();
        ConfigException.ThrowIfAny(nameof(MixtureConfig), Constraints());
    }

    /// <summary>The same, checked.</summary>
    internal MixtureConfig Checked()
    {
        Validate();
        return this;
    }

    /// <summary>The same, after what is wrong was listed.</summary>
    internal MixtureConfig CheckedIn(ConfigReader text)
    {
        text.FailAny(Constraints());
        return this;
    }

    private IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        foreach (var (key, value) in new[] { ("num_experts", NumExperts), ("num_experts_per_tok", NumExpertsPerTok), ("moe_intermediate_size", MoeIntermediateSize) })
        {
            if (value <= 0) yield return ([key], $"is {value}, not positive");
        }
        if (NumExpertsPerTok > NumExperts) yield return (["num_experts_per_tok"], $"is {NumExpertsPerTok}, more than the {NumExperts} experts");
    }
}
