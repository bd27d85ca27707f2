using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lanyard.Encodings.Values;

/// <summary>An operation of two nodes.</summary>
/// <typeparam name="T">The type of the numbers of both and of the result.</typeparam>
/// <typeparam name="TOperation">The operation.</typeparam>
internal sealed unsafe class OperationNode<T, TOperation> : ValueNode
    where T : unmanaged
    where TOperation : INumberOperation<T>
{
    private readonly ValueNode _left;
    private readonly ValueNode _right;

    /// <summary>Makes a node of two others of the same kind.</summary>
    /// <param name="left">The left side.</param>
    /// <param name="right">The right side.</param>
    /// <param name="low">The least number of the result.</param>
    /// <param name="high">The largest number of the result.</param>
    public OperationNode(ValueNode left, ValueNode right, long low, long high)
        : base(left.Kind, Common(left.Grain, right.Grain)) => (_left, _right, Low, High) = (left, right, low, high);

    public override int Buffers => Math.Max(_left.Buffers, _right.Buffers) + 2;

    public override bool HasCode => _left.HasCode || _right.HasCode;

    public override IEnumerable<int> Coverings => _left.Coverings.Concat(_right.Coverings);

    // Vectors say nothing of an overflow.
    private static bool IsVector => Vector256.IsHardwareAccelerated && typeof(T) != typeof(long);

    public override byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        Evaluate(chunk, (T*)to, to, buffers);
        return to;
    }

    public override void EvaluateNarrow(in ValueChunk chunk, ushort* to, byte* buffers)
    {
        if (Grain == 1) Evaluate(chunk, to, buffers, buffers + ValueChunk.BufferBytes);
        else base.EvaluateNarrow(chunk, to, buffers);
    }

    // The largest size that divides both; all of a row has every size in it.
    private static long Common(long left, long right)
    {
        while (right != 0) (left, right) = (right, left % right);
        return left;
    }

    private void Evaluate<TOut>(in ValueChunk chunk, TOut* to, byte* room, byte* buffers) where TOut : unmanaged
    {
        var rest = buffers + (2 * ValueChunk.BufferBytes);
        var left = (T*)_left.Evaluate(chunk, _left.Grain == Grain ? room : buffers + ValueChunk.BufferBytes, rest);
        var right = (T*)_right.Evaluate(chunk, buffers, rest);
        var count = chunk.Cells(Grain);
        if (_left.Grain == Grain && _right.Grain == Grain)
        {
            Pairs(left, right, to, count);
        }
        else if (_left.Grain == Grain || _right.Grain == Grain)
        {
            // One side is the same for several blocks of the other: the first of them may have begun before this chunk.
            var large = _left.Grain == Grain ? _right.Grain : _left.Grain;
            var (end, run) = large == 0 ? (count, count) : ((int)Math.Min(count, (large - (chunk.Position % large) + Grain - 1) / Grain), (int)Math.Min(count, large / Grain));
            if (_left.Grain == Grain) LeftRuns(left, right, to, count, end, run);
            else RightRuns(left, right, to, count, end, run);
        }
        else
        {
            for (var i = 0; i < count; i++) Narrowing.Store(TOperation.Of(left[Cell(chunk, _left.Grain, i)], right[Cell(chunk, _right.Grain, i)]), to + i);
        }
    }

    private int Cell(in ValueChunk chunk, long grain, int i) => grain == 0 ? 0 : (int)((((chunk.Position / Grain) + i) * Grain / grain) - (chunk.Position / grain));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pairs<TOut>(T* left, T* right, TOut* to, int count) where TOut : unmanaged
    {
        var i = 0;
        if (IsVector && Avx512F.IsSupported)
        {
            for (; i <= count - 16; i += 16) Narrowing.Store(TOperation.Of(Vector512.Load(left + i), Vector512.Load(right + i)), to + i);
        }
        else if (IsVector)
        {
            for (; i <= count - 16; i += 16) Narrowing.Store(TOperation.Of(Vector256.Load(left + i), Vector256.Load(right + i)), TOperation.Of(Vector256.Load(left + i + 8), Vector256.Load(right + i + 8)), to + i);
        }
        for (; i < count; i++) Narrowing.Store(TOperation.Of(left[i], right[i]), to + i);
    }

    /// <summary>A number on the right for each run on the left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LeftRuns<TOut>(T* left, T* right, TOut* to, int count, int end, int run) where TOut : unmanaged
    {
        for (var i = 0; i < count; end += run, right++)
        {
            end = Math.Min(end, count);
            if (IsVector && Avx512F.IsSupported)
            {
                var all = Vector512.Create(*right);
                for (; i <= end - 16; i += 16) Narrowing.Store(TOperation.Of(Vector512.Load(left + i), all), to + i);
            }
            else if (IsVector)
            {
                var all = Vector256.Create(*right);
                for (; i <= end - 16; i += 16) Narrowing.Store(TOperation.Of(Vector256.Load(left + i), all), TOperation.Of(Vector256.Load(left + i + 8), all), to + i);
            }
            for (; i < end; i++) Narrowing.Store(TOperation.Of(left[i], *right), to + i);
        }
    }

    /// <summary>A number on the left for each run on the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RightRuns<TOut>(T* left, T* right, TOut* to, int count, int end, int run) where TOut : unmanaged
    {
        for (var i = 0; i < count; end += run, left++)
        {
            end = Math.Min(end, count);
            if (IsVector && Avx512F.IsSupported)
            {
                var all = Vector512.Create(*left);
                for (; i <= end - 16; i += 16) Narrowing.Store(TOperation.Of(all, Vector512.Load(right + i)), to + i);
            }
            else if (IsVector)
            {
                var all = Vector256.Create(*left);
                for (; i <= end - 16; i += 16) Narrowing.Store(TOperation.Of(all, Vector256.Load(right + i)), TOperation.Of(all, Vector256.Load(right + i + 8)), to + i);
            }
            for (; i < end; i++) Narrowing.Store(TOperation.Of(*left, right[i]), to + i);
        }
    }
}
