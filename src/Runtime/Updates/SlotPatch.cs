using System.Buffers;
using System.Runtime.InteropServices;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Layouts;
using static TorchSharp.torch;

namespace Lanyard.Updates;

/// <summary>A few elements of one parameter, by position in its storage.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Positions">Positions in the parameter, contiguous: int64 [count], on the CPU.</param>
/// <param name="Values">Their values: [count], on the CPU.</param>
internal sealed record SlotPatch(ModelParameter Parameter, Tensor Positions, Tensor Values) : IDisposable
{
    /// <summary>Picks from elements of a checkpoint tensor those that a slot takes, and says where they go. Costs what the elements cost, whatever the size of the tensor.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="indices">Flat indices into the whole checkpoint tensor, all within it.</param>
    /// <param name="values">Their values [count], contiguous and on the CPU.</param>
    public static SlotPatch Of(ModelParameter parameter, LayoutSlot slot, ReadOnlySpan<long> indices, Tensor values)
    {
        var positions = ArrayPool<long>.Shared.Rent(indices.Length);
        var picks = ArrayPool<int>.Shared.Rent(indices.Length);
        try
        {
            var count = Locate(slot, indices, positions, picks);
            var kept = empty(count, ScalarType.Int64, CPU);
            positions.AsSpan(0, count).CopyTo(MemoryMarshal.Cast<byte, long>(kept.bytes));
            var chosen = empty(count, values.dtype, CPU);
            Pick(values.bytes, picks.AsSpan(0, count), chosen.bytes, (int)values.element_size());
            return new SlotPatch(parameter, kept.DetachFromDisposeScope(), chosen.DetachFromDisposeScope());
        }
        finally
        {
            ArrayPool<long>.Shared.Return(positions);
            ArrayPool<int>.Shared.Return(picks);
        }
    }

    /// <summary>Writes the elements.</summary>
    /// <param name="target">The whole parameter, contiguous.</param>
    public unsafe void Apply(Tensor target)
    {
        using var values = Values.dtype == target.dtype ? Values.alias() : Values.to(target.dtype);
        if (TensorAddress.Reach(target) is not 0 and var address)
        {
            Write((byte*)address, MemoryMarshal.Cast<byte, long>(Positions.bytes), values.bytes, (int)target.element_size());
            return;
        }
        using Tensor near = values.to(target.device), positions = Positions.to(target.device), flat = target.view(-1);
        flat.index_copy_(0, positions, near);
    }

    public void Dispose()
    {
        Positions.Dispose();
        Values.Dispose();
    }

    /// <summary>Fills in where the indices that the slot takes go, and which of them they are. Returns how many there are.</summary>
    private static int Locate(LayoutSlot slot, ReadOnlySpan<long> indices, Span<long> positions, Span<int> picks)
    {
        var region = StridedCopy.OutOf(slot);
        Span<(long Size, long Tensor, long Parameter)> loops = stackalloc (long, long, long)[region.Sizes.Length];
        for (var i = 0; i < loops.Length; i++) loops[i] = (region.Sizes[i], region.ToStrides[i], region.FromStrides[i]);
        var count = 0;
        for (var i = 0; i < indices.Length; i++)
        {
            var (rest, position) = (indices[i] - slot.TensorOffset, slot.ParameterOffset);
            if (rest < 0) continue;
            foreach (var (size, tensor, parameter) in loops)
            {
                var index = Math.Min(rest / tensor, size);
                if (index == size)
                {
                    rest = -1;
                    break;
                }
                rest -= index * tensor;
                position += index * parameter;
            }
            if (rest != 0) continue;
            (positions[count], picks[count]) = (position, i);
            count++;
        }
        return count;
    }

    private static void Pick(ReadOnlySpan<byte> from, ReadOnlySpan<int> picks, Span<byte> to, int size)
    {
        switch (size)
        {
            case 1: Pick<byte>(from, picks, to); break;
            case 2: Pick<ushort>(from, picks, to); break;
            case 4: Pick<uint>(from, picks, to); break;
            case 8: Pick<ulong>(from, picks, to); break;
            default: Pick<UInt128>(from, picks, to); break;
        }
    }

    private static void Pick<T>(ReadOnlySpan<byte> from, ReadOnlySpan<int> picks, Span<byte> to)
        where T : unmanaged
    {
        var source = MemoryMarshal.Cast<byte, T>(from);
        var target = MemoryMarshal.Cast<byte, T>(to);
        for (var i = 0; i < picks.Length; i++) target[i] = source[picks[i]];
    }

    private static unsafe void Write(byte* target, ReadOnlySpan<long> positions, ReadOnlySpan<byte> values, int size)
    {
        switch (size)
        {
            case 1: Write(target, positions, values); break;
            case 2: Write((ushort*)target, positions, MemoryMarshal.Cast<byte, ushort>(values)); break;
            case 4: Write((uint*)target, positions, MemoryMarshal.Cast<byte, uint>(values)); break;
            case 8: Write((ulong*)target, positions, MemoryMarshal.Cast<byte, ulong>(values)); break;
            default: Write((UInt128*)target, positions, MemoryMarshal.Cast<byte, UInt128>(values)); break;
        }
    }

    private static unsafe void Write<T>(T* target, ReadOnlySpan<long> positions, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        for (var i = 0; i < positions.Length; i++) target[positions[i]] = values[i];
    }
}
