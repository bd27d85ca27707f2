namespace Lanyard;

/// <summary>Checkpoint tensors that fill a parameter or a part of it.</summary>
/// <param name="Name">The tensor's name below the module's own, with holes.</param>
/// <param name="Pattern">The checkpoint layout of one such tensor.</param>
/// <param name="Part">The part of the parameter that it fills, or null for all of it.</param>
/// <param name="Format">The alternative that the source belongs to; empty for the first.</param>
public sealed record CheckpointSource(string Name, string Pattern, string? Part = null, string Format = "")
{
    /// <summary>Axes of the parameter that the tensor has not: each of its elements goes to every index of them. Null for none.</summary>
    public string? Repeat { get; init; }

    /// <summary>The axis along which the tensors are laid one after another, each with as many of its indices as files have. Null where each stands for itself.</summary>
    public string? Joined { get; init; }

    /// <summary>Whether another parameter takes elements of the tensor too.</summary>
    public bool Shared { get; init; }

    /// <summary>How the tensor stores its values, where an encoding's class says it; else null.</summary>
    public ValueEncoding? Encoding { get; init; }

    /// <summary>The tensor that holds the scales, with the same holes as the name, or null.</summary>
    public string? Scale { get; init; }

    /// <summary>The edge of the blocks of the last two axes that share a scale; zero for none.</summary>
    public int BlockSize { get; init; }

    /// <summary>How elements are packed into what is stored.</summary>
    public Packing Packing { get; init; }

    /// <summary>A constant that is added to what is stored.</summary>
    public double Offset { get; init; }

    /// <summary>Whether elements may be rounded to a narrower type of the parameter.</summary>
    public bool Cast { get; init; }
}
