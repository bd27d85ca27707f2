using System.Runtime.Intrinsics;

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

    public override void Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        T* left = (T*)to, right = (T*)buffers;
        var rest = buffers + ValueChunk.BufferBytes;
        if (_left.Grain == Grain)
        {
            _left.Evaluate(chunk, to, rest);
        }
        else
        {
            left = (T*)rest;
            rest += ValueChunk.BufferBytes;
            _left.Evaluate(chunk, (byte*)left, rest);
        }
        _right.Evaluate(chunk, (byte*)right, rest);
        if (_left.Grain == Grain && _right.Grain == Grain) Pairs(left, right, (T*)to, chunk.Cells(Grain));
        else if (_left.Grain == Grain) LeftRuns(chunk, left, right, (T*)to);
        else if (_right.Grain == Grain) RightRuns(chunk, left, right, (T*)to);
        else
        {
            for (var i = 0; i < chunk.Cells(Grain); i++) ((T*)to)[i] = TOperation.Of(left[Cell(chunk, _left.Grain, i)], right[Cell(chunk, _right.Grain, i)]);
        }
    }

    // The largest size that divides both; all of a row has every size in it.
    private static long Common(long left, long right)
    {
        while (right != 0) (left, right) = (right, left % right);
        return left;
    }

    private int Cell(in ValueChunk chunk, long grain, int i) => grain == 0 ? 0 : (int)((((chunk.Position / Grain) + i) * Grain / grain) - (chunk.Position / grain));

    /// <summary>The end of the blocks of this node that lie in one of a larger size.</summary>
    private int End(in ValueChunk chunk, long grain, int cell) =>
        grain == 0 ? chunk.Cells(Grain) : (int)Math.Min(chunk.Cells(Grain), (((chunk.Position / grain) + cell + 1) * (grain / Grain)) - (chunk.Position / Grain));

    private void LeftRuns(in ValueChunk chunk, T* left, T* right, T* to)
    {
        var cells = chunk.Cells(_right.Grain);
        for (int cell = 0, i = 0; cell < cells; cell++)
        {
            var end = End(chunk, _right.Grain, cell);
            var (number, all) = (right[cell], Vector256.Create(right[cell]));
            if (IsVector)
            {
                for (; i <= end - Vector256<T>.Count; i += Vector256<T>.Count) TOperation.Of(Vector256.Load(left + i), all).Store(to + i);
            }
            for (; i < end; i++) to[i] = TOperation.Of(left[i], number);
        }
    }

    private void RightRuns(in ValueChunk chunk, T* left, T* right, T* to)
    {
        var cells = chunk.Cells(_left.Grain);
        for (int cell = 0, i = 0; cell < cells; cell++)
        {
            var end = End(chunk, _left.Grain, cell);
            var (number, all) = (left[cell], Vector256.Create(left[cell]));
            if (IsVector)
            {
                for (; i <= end - Vector256<T>.Count; i += Vector256<T>.Count) TOperation.Of(all, Vector256.Load(right + i)).Store(to + i);
            }
            for (; i < end; i++) to[i] = TOperation.Of(number, right[i]);
        }
    }

    private static void Pairs(T* left, T* right, T* to, int count)
    {
        var i = 0;
        if (IsVector)
        {
            for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count) TOperation.Of(Vector256.Load(left + i), Vector256.Load(right + i)).Store(to + i);
        }
        for (; i < count; i++) to[i] = TOperation.Of(left[i], right[i]);
    }

    // Vectors say nothing of an overflow.
    private static bool IsVector => Vector256.IsHardwareAccelerated && typeof(T) != typeof(long);
}
