using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lanyard.Copies;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Reads the elements of a patch, and sorts those that do not ascend.</summary>
internal static class ElementReader
{
    /// <summary>The indices of a piece, about.</summary>
    private const int PieceIndices = 1 << 16;

    /// <summary>The indices that are sorted at once, about: they stay in a processor's second cache, and there are enough of them for all processors.</summary>
    private const int SortedIndices = 1 << 14;

    /// <summary>The bits in which indices of a tensor may differ. A tensor that has more elements fits no memory.</summary>
    private const int MostBits = 40;

    /// <summary>The bits of an offset; those above them in a key that is sorted are its place among the values.</summary>
    private const int OffsetBits = 32;

    /// <summary>Reads elements.</summary>
    /// <param name="indices">The address of the first index.</param>
    /// <param name="encoding">How the indices are written.</param>
    /// <param name="values">The values, contiguous and on the CPU.</param>
    public static unsafe GivenElements Of<T>(nint indices, IndexEncoding encoding, torch.Tensor values)
        where T : unmanaged, IBinaryInteger<T>
    {
        var given = new Source(TensorAddress.Reach(values), (int)values.element_size(), values.dtype, values.numel());
        if (given.Count == 0) return new GivenElements(given.Type, given.Size, 0, 0, 0);
        var read = encoding == IndexEncoding.Flat ? Flat((T*)indices, given) : Deltas((T*)indices, given);
        GC.KeepAlive(values);
        return read;
    }

    private static unsafe GivenElements Flat<T>(T* from, Source given)
        where T : unmanaged, IBinaryInteger<T> =>
        Ascending(from, given) ?? Sorted(from, given);

    private static unsafe GivenElements Deltas<T>(T* from, Source given)
        where T : unmanaged, IBinaryInteger<T>
    {
        var flat = ArrayPool<long>.Shared.Rent(checked((int)given.Count));
        try
        {
            // What overflows passes a number that no tensor has for an index, and is refused for that.
            Sum(new ReadOnlySpan<T>(from, (int)given.Count), flat);
            fixed (long* first = flat) return Flat(first, given);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(flat);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<T>(ReadOnlySpan<T> distances, long[] sums)
        where T : unmanaged, IBinaryInteger<T>
    {
        var sum = 0L;
        for (var i = 0; i < distances.Length; i++) sums[i] = sum = unchecked(sum + long.CreateTruncating(distances[i]));
    }

    /// <summary>As a comparison of old and new weights finds them. Null where they do not ascend, or are far apart.</summary>
    private static unsafe GivenElements? Ascending<T>(T* from, Source given)
        where T : unmanaged, IBinaryInteger<T>
    {
        var pieces = new PatchPiece[(int)((given.Count + PieceIndices - 1) / PieceIndices)];
        var ascend = true;
        Workers.Run(pieces.Length, piece =>
        {
            if (!Volatile.Read(ref ascend)) return;
            var first = (long)piece * PieceIndices;
            var count = (int)Math.Min(PieceIndices, given.Count - first);
            if (Ascending(from + first, count) is { } offsets && (first == 0 || from[first] > from[first - 1])) pieces[piece] = new PatchPiece(long.CreateTruncating(from[first]), offsets, given.Copy(first, count));
            else Volatile.Write(ref ascend, false);
        });
        return ascend ? new GivenElements(given.Type, given.Size, given.Count, pieces[0].Min, pieces[^1].Max) { Pieces = pieces } : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe uint[]? Ascending<T>(T* from, int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (first, last) = (long.CreateTruncating(from[0]), long.CreateTruncating(from[count - 1]));
        if (last < first || (ulong)(last - first) > uint.MaxValue) return null;
        var offsets = GC.AllocateUninitializedArray<uint>(count);
        offsets[0] = 0;
        var (ascends, before) = (true, from[0]);
        for (var i = 1; i < offsets.Length; i++)
        {
            var index = from[i];
            ascends &= index > before;
            offsets[i] = (uint)(long.CreateTruncating(index) - first);
            before = index;
        }
        return ascends ? offsets : null;
    }

    private static unsafe GivenElements Sorted<T>(T* from, Source given)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Each processor reads a part.
        var parts = (int)Math.Min(Environment.ProcessorCount, (given.Count / SortedIndices) + 1);
        var ends = new (long Min, long Max)[parts];
        Workers.Run(parts, part =>
        {
            var (first, last) = Part(part);
            ends[part] = Ends(from + first, (int)(last - first));
        });
        var (min, max) = (ends.Min(end => end.Min), ends.Max(end => end.Max));
        var range = unchecked((ulong)max - (ulong)min);
        var bits = 64 - BitOperations.LeadingZeroCount(range);
        if (bits > MostBits) return new GivenElements(given.Type, given.Size, given.Count, min, max);

        // By their highest bits first, so that what is sorted then stays in a cache.
        var shift = Math.Clamp(bits - BitOperations.Log2((ulong)(given.Count / SortedIndices) + 1), 0, OffsetBits);
        var buckets = (int)(range >> shift) + 1;
        var places = new int[parts][];
        Workers.Run(parts, part =>
        {
            var (first, last) = Part(part);
            Tally(from + first, (int)(last - first), min, shift, places[part] = new int[buckets]);
        });
        var begins = new int[buckets + 1];
        for (var (bucket, next) = (0, 0); bucket < buckets; begins[++bucket] = next)
        {
            foreach (var counts in places) (counts[bucket], next) = (next, next + counts[bucket]);
        }
        var keys = ArrayPool<ulong>.Shared.Rent(checked((int)given.Count));
        Workers.Run(parts, part =>
        {
            var (first, last) = Part(part);
            Scatter(from + first, (uint)first, (int)(last - first), min, shift, places[part], keys);
        });
        var (pieces, twice) = (new PatchPiece[buckets], new long?[buckets]);
        Workers.Run(buckets, bucket =>
        {
            var sorted = keys.AsSpan(begins[bucket]..begins[bucket + 1]);
            RadixSort.Run(sorted, OffsetBits, shift);
            var offsets = GC.AllocateUninitializedArray<uint>(sorted.Length);
            pieces[bucket] = new PatchPiece(min + ((long)bucket << shift), offsets, given.Pick(sorted));
            if (Offsets(sorted, offsets) is { } again) twice[bucket] = pieces[bucket].Base + again;
        });
        ArrayPool<ulong>.Shared.Return(keys);
        return new GivenElements(given.Type, given.Size, given.Count, min, max) { Pieces = [.. pieces.Where(piece => piece.Offsets.Length > 0)], Twice = Array.Find(twice, index => index is not null) };

        (long First, long Last) Part(int part) => (given.Count * part / parts, given.Count * (part + 1) / parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe (long Min, long Max) Ends<T>(T* from, int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        T least = from[0], most = from[0];
        for (var i = 1; i < count; i++)
        {
            least = T.Min(least, from[i]);
            most = T.Max(most, from[i]);
        }
        return (long.CreateTruncating(least), long.CreateTruncating(most));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Tally<T>(T* from, int count, long min, int shift, int[] counts)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = 0; i < count; i++) counts[(int)((ulong)(long.CreateTruncating(from[i]) - min) >> shift)]++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Scatter<T>(T* from, uint first, int count, long min, int shift, int[] places, ulong[] keys)
        where T : unmanaged, IBinaryInteger<T>
    {
        var mask = (1UL << shift) - 1;
        for (var i = 0; i < count; i++)
        {
            var offset = (ulong)(long.CreateTruncating(from[i]) - min);
            keys[places[(int)(offset >> shift)]++] = ((offset & mask) << OffsetBits) | (first + (uint)i);
        }
    }

    /// <summary>Takes the offsets out of sorted keys. Returns one that is there twice, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint? Offsets(ReadOnlySpan<ulong> sorted, uint[] offsets)
    {
        var (twice, again, before) = (false, 0u, ulong.MaxValue);
        for (var i = 0; i < sorted.Length; i++)
        {
            var offset = sorted[i] >> OffsetBits;
            if (offset == before && !twice) (twice, again) = (true, (uint)offset);
            before = offset;
            offsets[i] = (uint)offset;
        }
        return twice ? again : null;
    }

    /// <summary>The values as they came.</summary>
    private readonly unsafe record struct Source(nint Address, int Size, torch.ScalarType Type, long Count)
    {
        public byte[] Copy(long first, int count)
        {
            var taken = GC.AllocateUninitializedArray<byte>(checked(count * Size));
            new ReadOnlySpan<byte>((byte*)Address + (first * Size), taken.Length).CopyTo(taken);
            return taken;
        }

        /// <summary>Those whose places are the low bits of keys.</summary>
        public byte[] Pick(ReadOnlySpan<ulong> keys)
        {
            var taken = GC.AllocateUninitializedArray<byte>(checked(keys.Length * Size));
            switch (Size)
            {
                case 1: Pick<byte>(keys, taken); break;
                case 2: Pick<ushort>(keys, taken); break;
                case 4: Pick<uint>(keys, taken); break;
                case 8: Pick<ulong>(keys, taken); break;
                default: Pick<UInt128>(keys, taken); break;
            }
            return taken;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Pick<T>(ReadOnlySpan<ulong> keys, Span<byte> to)
            where T : unmanaged
        {
            var source = (T*)Address;
            var target = MemoryMarshal.Cast<byte, T>(to);
            for (var i = 0; i < keys.Length; i++) target[i] = source[(uint)keys[i]];
        }
    }
}
