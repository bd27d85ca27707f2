namespace Lanyard.Generator.Conformance.Classes;

/// <summary>A source of a parameter.</summary>
/// <param name="Index">Which of the parameter's sources, in order of declaration.</param>
/// <param name="Name">The name below the module, with holes.</param>
/// <param name="Pattern">The checkpoint layout.</param>
public sealed record DescribedSource(int Index, string Name, string Pattern)
{
    /// <summary>The part that it fills, or null.</summary>
    public string? Part { get; init; }

    /// <summary>The format; empty for that of sources which state none.</summary>
    public string Format { get; init; } = "";

    /// <summary>How the tensor stores its values; null where elements are stored as they are.</summary>
    public DescribedEncoding? Encoding { get; init; }

    /// <summary>The name of the scales, where the source says it.</summary>
    public string? Scale { get; init; }

    /// <summary>The axis along which shards are laid one after another, or null.</summary>
    public string? Joined { get; init; }

    /// <summary>Whether values may be rounded to the parameter's type.</summary>
    public bool Cast { get; init; }

    /// <summary>Whether a number is added to all values, which makes them float32.</summary>
    public bool IsShifted { get; init; }
}
