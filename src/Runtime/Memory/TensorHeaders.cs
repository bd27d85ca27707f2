using System.Runtime.Intrinsics.X86;

namespace Lanyard.Memory;

/// <summary>What libtorch keeps of tensors beside their elements: shape, strides, storage.</summary>
internal static unsafe class TensorHeaders
{
    // Of the libtorch that TorchSharp 0.107 brings: a handle points to a pointer to the header, of three cache lines, which has the pointer
    // to the storage here. Where another version has it otherwise, other memory is fetched, to no use and no harm.
    private const int Storage = 16;
    private const int Line = 64;
    private const int Group = 128;

    /// <summary>Has the processor fetch headers that are about to be read, all at once: one by one, most of the time of reading them is waiting.</summary>
    /// <param name="items">What has the tensors.</param>
    /// <param name="handle">The handle of one that is not disposed, or zero.</param>
    public static void Fetch<T>(ReadOnlySpan<T> items, Func<T, nint> handle)
    {
        if (!Sse.IsSupported) return;
        Span<nint> handles = stackalloc nint[Group];
        for (; !items.IsEmpty; items = items[Math.Min(Group, items.Length)..])
        {
            var count = Math.Min(Group, items.Length);
            for (var i = 0; i < count; i++) handles[i] = handle(items[i]);
            Fetch(handles[..count]);
        }
    }

    private static void Fetch(Span<nint> handles)
    {
        // Loop by loop, since the processor waits for all elements of a loop together.
        foreach (ref var handle in handles)
        {
            if (handle != 0) handle = *(nint*)handle;
        }
        foreach (ref var header in handles)
        {
            if (header == 0) continue;
            Sse.Prefetch0((void*)(header + Line));
            Sse.Prefetch0((void*)(header + (2 * Line)));
            header = *(nint*)(header + Storage);
        }
        foreach (var storage in handles) Sse.Prefetch0((void*)storage);
    }
}
