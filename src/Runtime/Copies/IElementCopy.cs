namespace Lanyard.Copies;

/// <summary>How elements of one type are copied to elements of the same or a wider one.</summary>
internal unsafe interface IElementCopy
{
    /// <summary>The bytes of an element that is read.</summary>
    static abstract int FromSize { get; }

    /// <summary>The bytes of an element that is written.</summary>
    static abstract int ToSize { get; }

    /// <summary>Copies a run of neighbours to a run of neighbours.</summary>
    static abstract void Row(byte* from, byte* to, long count);

    /// <summary>Copies elements that are some bytes apart on each side.</summary>
    static abstract void Spread(byte* from, long fromStride, byte* to, long toStride, long count);
}
