using System.Collections.Immutable;
using System.Numerics;
using Lanyard.Copies;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Counts finite values that a narrower type does not reach.</summary>
internal static unsafe class NarrowedValues
{
    /// <summary>What is converted at once for counting: a tensor may be as large as memory.</summary>
    private const long MostElements = 1 << 22;

    private const ushort BFloat16Infinity = 0x7F80;

    /// <summary>How many of some values are finite, and not any more in another type.</summary>
    /// <param name="values">The values: [count], contiguous and on the CPU.</param>
    /// <param name="to">The other type.</param>
    public static long Lost(torch.Tensor values, torch.ScalarType to) => Lost(values, TensorAddress.Reach(values), to, [new LayoutSlot(0, [values.numel()], 0, [1], 0, [1])]);

    /// <summary>How many values of some slots are finite, and not any more in another type.</summary>
    /// <param name="source">The whole tensor, contiguous.</param>
    /// <param name="address">The address from which it can be reached, or zero.</param>
    /// <param name="to">The other type.</param>
    /// <param name="slots">The slots.</param>
    public static long Lost(torch.Tensor source, nint address, torch.ScalarType to, ImmutableArray<LayoutSlot> slots)
    {
        if (Limit(source.dtype, to) is not { } limit || (address != 0 && !Reaches(address, source.numel(), source.dtype, limit))) return 0;
        using var noGrad = torch.no_grad();
        var lost = slots.Sum(slot => Lost(source, to, slot.Sizes, slot.TensorStrides, source.storage_offset() + slot.TensorOffset));
        GC.KeepAlive(source);
        return lost;
    }

    /// <summary>Whether any of some values of bfloat16 is infinite.</summary>
    public static bool AnyInfinite(ReadOnlySpan<ushort> values)
    {
        var (infinity, mask) = (new Vector<ushort>(BFloat16Infinity), new Vector<ushort>(ushort.MaxValue >> 1));
        var i = 0;
        for (; i <= values.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            if (Vector.EqualsAny(new Vector<ushort>(values[i..]) & mask, infinity)) return true;
        }
        for (; i < values.Length; i++)
        {
            if ((values[i] & (ushort.MaxValue >> 1)) == BFloat16Infinity) return true;
        }
        return false;
    }

    private static long Lost(torch.Tensor source, torch.ScalarType to, ImmutableArray<long> sizes, ImmutableArray<long> strides, long offset)
    {
        if (sizes.Aggregate(1L, static (count, size) => count * size) > MostElements && sizes.ToList().FindIndex(static size => size > 1) is >= 0 and var axis)
        {
            var half = sizes[axis] / 2;
            return Lost(source, to, sizes.SetItem(axis, half), strides, offset) + Lost(source, to, sizes.SetItem(axis, sizes[axis] - half), strides, offset + (half * strides[axis]));
        }
        using var scope = torch.NewDisposeScope();
        var values = source.as_strided([.. sizes], [.. strides], offset);
        return values.isfinite().logical_and(values.to_type(to).isfinite().logical_not()).sum().ReadInt64();
    }

    /// <summary>A number that no value reaches which stays finite; null where all do.</summary>
    private static double? Limit(torch.ScalarType from, torch.ScalarType to) => (from, to) switch
    {
        // Half way to the number that would come next, were there one, and a little less, for some are rounded twice.
        (torch.ScalarType.Float64 or torch.ScalarType.Float32 or torch.ScalarType.BFloat16, torch.ScalarType.Float16) => 65519.9,
        (torch.ScalarType.Float64 or torch.ScalarType.Float32, torch.ScalarType.BFloat16) => 3.389e38,
        (torch.ScalarType.Float64, torch.ScalarType.Float32) => 3.4028e38,
        _ => null,
    };

    private static bool Reaches(nint address, long count, torch.ScalarType type, double limit) => type switch
    {
        torch.ScalarType.Float64 => Reaches(address, count, BitConverter.DoubleToUInt64Bits(limit), BitConverter.DoubleToUInt64Bits(double.PositiveInfinity)),
        torch.ScalarType.Float32 => Reaches(address, count, BitConverter.SingleToUInt32Bits((float)limit), BitConverter.SingleToUInt32Bits(float.PositiveInfinity)),
        _ => Reaches(address, count, (ushort)(BitConverter.SingleToUInt32Bits((float)limit) >> 16), BFloat16Infinity),
    };

    /// <summary>Whether the bits of any number, its sign aside, are at least some and less than those of infinity.</summary>
    private static bool Reaches<T>(nint address, long count, T limit, T infinity) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var found = false;
        Workers.Run((int)((count + MostElements - 1) / MostElements), piece =>
        {
            if (Volatile.Read(ref found)) return;
            var first = piece * MostElements;
            if (Reaches(new ReadOnlySpan<T>((T*)address + first, (int)Math.Min(MostElements, count - first)), limit, infinity)) Volatile.Write(ref found, true);
        });
        return found;
    }

    private static bool Reaches<T>(ReadOnlySpan<T> numbers, T limit, T infinity) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var (mask, low, high) = (new Vector<T>(T.MaxValue >> 1), new Vector<T>(limit), new Vector<T>(infinity));
        var i = 0;
        for (; i <= numbers.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var bits = new Vector<T>(numbers[i..]) & mask;
            if (Vector.GreaterThanOrEqual(bits, low) is var reaching && (reaching & Vector.LessThan(bits, high)) != Vector<T>.Zero) return true;
        }
        for (; i < numbers.Length; i++)
        {
            var bits = numbers[i] & (T.MaxValue >> 1);
            if (bits >= limit && bits < infinity) return true;
        }
        return false;
    }
}
