namespace Lanyard.Encodings.Values;

/// <summary>Elements of a table.</summary>
internal sealed unsafe class TableNode : ValueNode
{
    private readonly ValueNode _index;
    private readonly byte[] _table;
    private readonly long _size;
    private readonly bool _isInside;

    /// <summary>Makes a node.</summary>
    /// <param name="index">Which element, a whole number.</param>
    /// <param name="numbers">The table.</param>
    public TableNode(ValueNode index, StoredNumbers numbers)
        : base(numbers.Kind, index.Grain)
    {
        _isInside = index.Kind == NumberKind.Int32 && index.Low >= 0 && index.High < numbers.Count && numbers.Kind != NumberKind.Int64;
        (_index, _size, Low, High) = (_isInside ? index : ConvertNode.To(index, NumberKind.Int64), numbers.Count, numbers.Low, numbers.High);
        _table = new byte[Math.Max(checked((int)_size * Size), FourBits.Numbers * Size)];
        fixed (byte* to = _table)
        {
            for (long i = 0; i < _size; i += ValueChunk.Most)
            {
                var count = (int)Math.Min(ValueChunk.Most, _size - i);
                Buffer.MemoryCopy(numbers.Read(i, count, to + (i * Size)), to + (i * Size), count * Size, count * Size);
            }
        }
    }

    public override int Buffers => _index.Buffers + 1;

    public override bool HasCode => _index.HasCode;

    public override IEnumerable<int> Coverings => _index.Coverings;

    private int Size => Kind == NumberKind.Int64 ? sizeof(long) : sizeof(int);

    public override byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        var index = _index.Evaluate(chunk, buffers, buffers + ValueChunk.BufferBytes);
        var count = chunk.Cells(Grain);
        fixed (byte* table = _table)
        {
            if (!_isInside)
            {
                Checked((long*)index, count, table, to);
            }
            else if (_index.High < FourBits.Numbers)
            {
                FourBits.Look((int*)index, count, (int*)table, (int*)to);
            }
            else
            {
                for (var i = 0; i < count; i++) ((int*)to)[i] = ((int*)table)[((int*)index)[i]];
            }
        }
        return to;
    }

    private void Checked(long* index, int count, byte* table, byte* to)
    {
        for (var i = 0; i < count; i++)
        {
            if ((ulong)index[i] >= (ulong)_size) throw new InvalidDataException($"an index is {index[i]}, and the table has {_size} elements");
            if (Size == sizeof(int)) ((int*)to)[i] = ((int*)table)[index[i]];
            else ((long*)to)[i] = ((long*)table)[index[i]];
        }
    }
}
