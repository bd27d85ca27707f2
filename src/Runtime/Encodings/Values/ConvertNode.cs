using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Values;

/// <summary>Whole numbers as float32, to nearest, ties to even; or as whole numbers of more bits.</summary>
internal sealed unsafe class ConvertNode : ValueNode
{
    private readonly ValueNode _inner;

    private ConvertNode(ValueNode inner, NumberKind kind)
        : base(kind, inner.Grain) => (_inner, Low, High) = (inner, inner.Low, inner.High);

    public override int Buffers => _inner.Buffers;

    /// <summary>The node itself, or one that converts its numbers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kind">What they become; not fewer bits.</param>
    public static ValueNode To(ValueNode node, NumberKind kind) => node.Kind == kind ? node : new ConvertNode(node, kind);

    public override void Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        _inner.Evaluate(chunk, to, buffers);
        var count = chunk.Cells(Grain);
        if (Kind == NumberKind.Int64)
        {
            for (var i = count - 1; i >= 0; i--) ((long*)to)[i] = ((int*)to)[i];
        }
        else if (_inner.Kind == NumberKind.Int64)
        {
            for (var i = 0; i < count; i++) ((float*)to)[i] = ((long*)to)[i];
        }
        else
        {
            Singles((int*)to, (float*)to, count);
        }
    }

    private static void Singles(int* from, float* to, int count)
    {
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - Vector256<int>.Count; i += Vector256<int>.Count) Vector256.ConvertToSingle(Vector256.Load(from + i)).Store(to + i);
        }
        for (; i < count; i++) to[i] = from[i];
    }
}
