namespace Lanyard.Copies;

/// <summary>Elements that stay as they are.</summary>
internal readonly unsafe struct SameElement<T> : IElementCopy
    where T : unmanaged
{
    public static int FromSize => sizeof(T);

    public static int ToSize => sizeof(T);

    // Not Unsafe.CopyBlock, which counts in 32 bits.
    public static void Row(byte* from, byte* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(T), count * sizeof(T));

    public static void Spread(byte* from, long fromStride, byte* to, long toStride, long count)
    {
        for (; count > 0; count--, from += fromStride, to += toStride) *(T*)to = *(T*)from;
    }
}
