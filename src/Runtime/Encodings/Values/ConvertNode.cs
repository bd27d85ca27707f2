using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Values;

/// <summary>Whole numbers as float32, to nearest, ties to even; or as whole numbers of more bits.</summary>
internal sealed unsafe class ConvertNode : ValueNode
{
    private readonly ValueNode _inner;

    private ConvertNode(ValueNode inner, NumberKind kind)
        : base(kind, inner.Grain) => (_inner, Low, High) = (inner, inner.Low, inner.High);

    public override int Buffers => _inner.Buffers + (IsNarrower ? 1 : 0);

    public override bool HasCode => _inner.HasCode;

    public override IEnumerable<int> Coverings => _inner.Coverings;

    // Room for float32 is not enough for what becomes it.
    private bool IsNarrower => _inner.Kind == NumberKind.Int64;

    /// <summary>The node itself, or one that converts its numbers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kind">What they become; not fewer bits.</param>
    public static ValueNode To(ValueNode node, NumberKind kind) => node.Kind == kind ? node : new ConvertNode(node, kind);

    public override byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        var count = chunk.Cells(Grain);
        if (IsNarrower)
        {
            var wide = (long*)_inner.Evaluate(chunk, buffers, buffers + ValueChunk.BufferBytes);
            for (var i = 0; i < count; i++) ((float*)to)[i] = wide[i];
            return to;
        }
        var numbers = (int*)_inner.Evaluate(chunk, to, buffers);
        if (Kind == NumberKind.Single)
        {
            Singles(numbers, (float*)to, count);
        }
        else
        {
            for (var i = count - 1; i >= 0; i--) ((long*)to)[i] = numbers[i];
        }
        return to;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Singles(int* from, float* to, int count)
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= count - Vector512<int>.Count; i += Vector512<int>.Count) Vector512.ConvertToSingle(Vector512.Load(from + i)).Store(to + i);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - Vector256<int>.Count; i += Vector256<int>.Count) Vector256.ConvertToSingle(Vector256.Load(from + i)).Store(to + i);
        }
        for (; i < count; i++) to[i] = from[i];
    }
}
