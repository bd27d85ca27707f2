using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>Tensors of a row that a source takes.</summary>
/// <param name="Source">The source, of the format in which it takes them.</param>
/// <param name="Found">The tensors.</param>
/// <param name="Sizes">The least and the greatest size of each dimension of the values; default where the list has no shapes, or where they are wrong.</param>
public sealed record MatchedTensor(DescribedSource Source, FoundTensor Found, ImmutableArray<(long Least, long Most)> Sizes)
{
    /// <summary>Whether the only size is that of all values, one after another.</summary>
    public bool IsFlat => Source.Encoding is { IsFlat: true };
}
