using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>A checkpoint tensor that a source names.</summary>
/// <param name="Name">Its name, holes filled.</param>
/// <param name="Shape">Its whole shape, as stored.</param>
/// <param name="SourceIndex">The source that names it.</param>
public sealed record LayoutTensor(string Name, ImmutableArray<long> Shape, int SourceIndex)
{
    /// <summary>Two tensors are equal when name, shape and source are.</summary>
    public bool Equals(LayoutTensor? other) =>
        other is not null && Name == other.Name && SourceIndex == other.SourceIndex && Sequences.Same(Shape, other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => Sequences.Hash(Shape, StringComparer.Ordinal.GetHashCode(Name));
}
