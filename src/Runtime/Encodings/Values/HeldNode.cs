namespace Lanyard.Encodings.Values;

/// <summary>Holds what has no code in it from one row to the next, as long as the same blocks cover it.</summary>
internal sealed unsafe class HeldNode : ValueNode
{
    private readonly ValueNode _inner;
    private readonly int[] _coverings;
    private readonly int _place;

    private HeldNode(ValueNode inner, int place)
        : base(inner.Kind, inner.Grain) => (_inner, _coverings, _place, Low, High) = (inner, [.. inner.Coverings.Distinct()], place, inner.Low, inner.High);

    public override int Buffers => _inner.Buffers;

    public override IEnumerable<int> Coverings => _coverings;

    /// <summary>The bytes that a node takes beside the buffers.</summary>
    /// <param name="coverings">How many coverings there are.</param>
    public static int HeldBytes(int coverings) => ValueChunk.BufferBytes + Aligned((coverings + 2) * sizeof(long));

    /// <summary>The node itself, or one that holds its numbers, where there are as many as positions and all can be the same in another row.</summary>
    /// <param name="node">The node.</param>
    /// <param name="count">How many nodes hold numbers.</param>
    public static ValueNode Of(ValueNode node, ref int count) => node.HasCode || node is HeldNode || node.Grain is 0 or > 8 ? node : new HeldNode(node, count++);

    public override byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        if (chunk.Held == null) return _inner.Evaluate(chunk, to, buffers);
        var held = chunk.Held + (_place * HeldBytes(chunk.Bases.Length));
        var key = (long*)(held + ValueChunk.BufferBytes);
        var isSame = key[0] == chunk.Position && key[1] == chunk.Count;
        (key[0], key[1]) = (chunk.Position, chunk.Count);
        for (var i = 0; i < _coverings.Length; i++)
        {
            var first = chunk.Bases[_coverings[i]];
            isSame &= key[i + 2] == first;
            key[i + 2] = first;
        }
        if (isSame) return held;
        var found = _inner.Evaluate(chunk, held, buffers);
        if (found == held) return held;

        // What lies in the tensor itself needs no place here.
        key[1] = 0;
        return found;
    }

    /// <summary>Forgets what is held.</summary>
    /// <param name="held">The room of all.</param>
    /// <param name="count">How many nodes hold numbers.</param>
    /// <param name="coverings">How many coverings there are.</param>
    public static void Forget(byte* held, int count, int coverings)
    {
        for (var i = 0; i < count; i++) ((long*)(held + (i * HeldBytes(coverings)) + ValueChunk.BufferBytes))[1] = 0;
    }

    private static int Aligned(int bytes) => (bytes + ValueChunk.Alignment - 1) / ValueChunk.Alignment * ValueChunk.Alignment;
}
