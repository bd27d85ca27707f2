using System.Runtime.InteropServices;
using TorchSharp;

namespace Lanyard.Tests;

/// <summary>Writes checkpoint tensors into the memory of a live model, element by element and by address, as a transport would that knows the regions alone.</summary>
internal static class OutsideMemory
{
    /// <summary>Copies a whole checkpoint tensor to where its regions say.</summary>
    public static void Write(TensorSlots slots, torch.Tensor tensor)
    {
        using var converted = tensor.to(slots.Type).contiguous();
        var bytes = converted.bytes.ToArray();
        if (!slots.Shape.AsSpan().SequenceEqual(converted.shape)) throw new ArgumentException($"{slots} is not of the shape of what is written.", nameof(tensor));
        Each(slots, (region, from, to) => Marshal.Copy(bytes, (int)(from * region.ElementSize), to, (int)region.ElementSize));
    }

    /// <summary>Writes bytes that are no weight wherever a tensor lies.</summary>
    public static void Spoil(TensorSlots slots) => Each(slots, static (region, _, to) => Marshal.Copy([.. Enumerable.Repeat((byte)0x5A, (int)region.ElementSize)], 0, to, (int)region.ElementSize));

    private static void Each(TensorSlots slots, Action<MemoryRegion, long, nint> visit)
    {
        foreach (var region in slots.Regions)
        {
            var index = new long[region.Sizes.Length];
            for (var count = region.Count; count > 0; count--)
            {
                var (from, to) = (region.TensorOffset, 0L);
                for (var i = 0; i < index.Length; i++) (from, to) = (from + (index[i] * region.TensorStrides[i]), to + (index[i] * region.MemoryStrides[i]));
                visit(region, from, region.Address!.Value + (nint)(to * region.ElementSize));
                for (var i = index.Length - 1; i >= 0 && ++index[i] == region.Sizes[i]; i--) index[i] = 0;
            }
        }
    }
}
