using Lanyard.Arithmetic;

namespace Lanyard.Encodings.Values;

/// <summary>A number that all values have in common.</summary>
internal sealed unsafe class ConstantNode : ValueNode
{
    private readonly long _whole;
    private readonly float _single;

    public ConstantNode(long value)
        : base(Narrowest(value, value), Covers.Whole) => (_whole, Low, High) = (value, value, value);

    public ConstantNode(float value)
        : base(NumberKind.Single, Covers.Whole) => _single = value;

    public override byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        if (Kind == NumberKind.Single) *(float*)to = _single;
        else if (Kind == NumberKind.Int32) *(int*)to = (int)_whole;
        else *(long*)to = _whole;
        return to;
    }
}
