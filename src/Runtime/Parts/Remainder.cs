using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>The elements of a tensor that did not come yet, while it comes in parts.</summary>
internal sealed class Remainder(ImmutableArray<long> shape)
{
    private List<IndexBox> _left = [IndexBox.Whole(shape)];

    /// <summary>The shape of the whole tensor.</summary>
    public ImmutableArray<long> Shape { get; } = shape;

    /// <summary>Whether every element came.</summary>
    public bool IsEmpty => _left.TrueForAll(box => box.Count == 0);

    /// <summary>Takes a part away. Returns the elements of it that had come before; where there are any, nothing is taken.</summary>
    public ImmutableArray<IndexBox> Take(IndexBox part)
    {
        if (part.Count == 0) return [];

        // What is left are boxes without an element in common, so that the sum counts none twice.
        if (_left.Sum(box => box.Intersect(part).Count) < part.Count) return IndexBox.Without([part], _left);
        _left = [.. IndexBox.Without(_left, [part])];
        return [];
    }

    /// <summary>What of a part did not come yet, as boxes that have no element in common.</summary>
    public ImmutableArray<IndexBox> Of(IndexBox part) => [.. _left.Select(part.Intersect).Where(box => box.Count > 0)];
}
