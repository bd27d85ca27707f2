using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>A tensor beside the codes of an encoding.</summary>
/// <param name="Name">The name that the arithmetic uses.</param>
/// <param name="Tensor">How its name ends, where that of the codes has its own end.</param>
/// <param name="Layout">How its elements lie.</param>
public sealed record CompanionEncoding(string Name, string Tensor, CodeLayout Layout)
{
    /// <summary>Which block of values an element covers, as <see cref="CompanionAttribute"/> spells it; empty for a table.</summary>
    public ImmutableArray<string> Covers { get; init; } = [];

    /// <summary>The companion that has the number of the block for each position, or null.</summary>
    public string? Through { get; init; }

    /// <summary>The field of JSON that has the number, or null.</summary>
    public string? Field { get; init; }

    /// <summary>The number that it has for all values where none of it is stored, or null where it may not stay away.</summary>
    public double? Absent { get; init; }

    /// <summary>Two are equal when all that they say is.</summary>
    public bool Equals(CompanionEncoding? other) =>
        other is not null
        && (Name, Tensor, Layout, Through, Field, Absent) == (other.Name, other.Tensor, other.Layout, other.Through, other.Field, other.Absent)
        && Sequences.Same(Covers, other.Covers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Tensor, Layout);
}
