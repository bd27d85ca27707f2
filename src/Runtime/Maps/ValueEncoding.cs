using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>How a checkpoint stores values: what the attributes of an encoding's class declare.</summary>
/// <param name="Name">The full name of the class.</param>
/// <param name="Codes">How the name of the tensor with the codes ends.</param>
/// <param name="Layout">How the codes lie in it.</param>
/// <param name="Value">What a value is, as <see cref="ValueAttribute"/> spells it.</param>
public sealed record ValueEncoding(string Name, string Codes, CodeLayout Layout, string Value)
{
    /// <summary>Whether the codes are those of the flattened values.</summary>
    public bool Flat { get; init; }

    /// <summary>The tensors beside the codes.</summary>
    public ImmutableArray<CompanionEncoding> Companions { get; init; } = [];

    /// <summary>How the names of tensors end that may be there, and say nothing of the values.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];

    /// <summary>What the configuration beside a checkpoint says of the encoding, where it says anything.</summary>
    public ImmutableArray<ConfiguredField> Configured { get; init; } = [];

    /// <summary>Two are equal when all that they say is.</summary>
    public bool Equals(ValueEncoding? other) =>
        other is not null
        && (Name, Codes, Layout, Value, Flat) == (other.Name, other.Codes, other.Layout, other.Value, other.Flat)
        && Sequences.Same(Companions, other.Companions) && Sequences.Same(Unread, other.Unread) && Sequences.Same(Configured, other.Configured);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Codes, Layout, Value);
}
