using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>How a checkpoint stores values.</summary>
/// <param name="Name">The name of the class that declares it.</param>
/// <param name="Codes">How the name of the tensor with the codes ends.</param>
/// <param name="Layout">How the codes lie in it.</param>
public sealed record DescribedEncoding(string Name, string Codes, DescribedCodes Layout)
{
    /// <summary>Whether the codes are those of the flattened values.</summary>
    public bool IsFlat { get; init; }

    /// <summary>The tensors beside the codes.</summary>
    public ImmutableArray<DescribedCompanion> Companions { get; init; } = [];

    /// <summary>How the names of tensors end that say nothing of the values.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];
}
