namespace Lanyard.Encodings.Values;

/// <summary>The elements of a companion whose block is another for each position of the last axis.</summary>
internal sealed unsafe class ThroughNode : ValueNode
{
    private readonly StoredNumbers _numbers;
    private readonly Covering _covering;
    private readonly int _place;
    private readonly Covering _by;

    /// <summary>Makes a node.</summary>
    /// <param name="numbers">The elements of the companion.</param>
    /// <param name="covering">What they cover.</param>
    /// <param name="place">The place of that covering.</param>
    /// <param name="by">What the companion covers that has the numbers of blocks.</param>
    public ThroughNode(StoredNumbers numbers, Covering covering, int place, Covering by)
        : base(numbers.Kind, 1) => (_numbers, _covering, _place, _by, Low, High) = (numbers, covering, place, by, numbers.Low, numbers.High);

    public override IEnumerable<int> Coverings => [_place, _covering.NumbersPlace];

    public override byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        var size = Kind == NumberKind.Int64 ? sizeof(long) : sizeof(int);
        var last = -1L;
        var at = to;
        for (var i = 0; i < chunk.Count; i++, at += size)
        {
            var element = _covering.Element(chunk.Bases[_place], chunk.Bases[_covering.NumbersPlace], _by, chunk.Position + i);
            if (element == last) Buffer.MemoryCopy(at - size, at, size, size);
            else if (_numbers.Read(last = element, 1, at) is var found && found != at) Buffer.MemoryCopy(found, at, size, size);
        }
        return to;
    }
}
