namespace Lanyard.Updates;

/// <summary>Some elements of a patch, their indices ascending.</summary>
/// <param name="Base">What is added to each offset.</param>
/// <param name="Offsets">The indices, less the base.</param>
/// <param name="Values">The values, as bytes.</param>
internal readonly record struct PatchPiece(long Base, uint[] Offsets, byte[] Values)
{
    /// <summary>The smallest index.</summary>
    public long Min => Base + Offsets[0];

    /// <summary>The largest index.</summary>
    public long Max => Base + Offsets[^1];

    /// <summary>The offsets of those indices that lie between two, which are included: from where, and how many.</summary>
    public (int First, int Count) Between(long from, long to)
    {
        if (to < Min || from > Max) return (0, 0);
        var first = from <= Min ? 0 : Place((uint)(from - Base));
        var end = to >= Max ? Offsets.Length : Place((uint)(to - Base + 1));
        return (first, end - first);
    }

    /// <summary>How many offsets are smaller.</summary>
    private int Place(uint offset)
    {
        var place = Array.BinarySearch(Offsets, offset);
        return place < 0 ? ~place : place;
    }
}
