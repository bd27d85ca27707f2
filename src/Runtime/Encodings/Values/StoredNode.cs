namespace Lanyard.Encodings.Values;

/// <summary>The codes, or the elements of a companion, whose blocks follow each other along the last axis.</summary>
internal sealed unsafe class StoredNode : ValueNode
{
    private readonly StoredNumbers _numbers;
    private readonly int _covering;

    /// <summary>Makes a node of the codes.</summary>
    public StoredNode(StoredNumbers codes)
        : this(codes, 1, -1)
    {
    }

    /// <summary>Makes a node of a companion.</summary>
    /// <param name="numbers">Its elements.</param>
    /// <param name="grain">The size of its blocks along the last axis.</param>
    /// <param name="covering">The place of its covering.</param>
    public StoredNode(StoredNumbers numbers, long grain, int covering)
        : base(numbers.Kind, grain) => (_numbers, _covering, Low, High) = (numbers, covering, numbers.Low, numbers.High);

    public override bool HasCode => _covering < 0;

    public override IEnumerable<int> Coverings => _covering < 0 ? [] : [_covering];

    public override byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        var first = _covering < 0 ? chunk.First : chunk.Bases[_covering] + (Grain == 0 ? 0 : chunk.Position / Grain);
        return _numbers.Read(first, chunk.Cells(Grain), to);
    }
}
