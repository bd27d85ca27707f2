namespace Lanyard.Encodings.Values;

/// <summary>Elements of a table.</summary>
internal sealed unsafe class TableNode : ValueNode
{
    private readonly ValueNode _index;
    private readonly byte[] _table;
    private readonly long _size;

    /// <summary>Makes a node.</summary>
    /// <param name="index">Which element, a whole number.</param>
    /// <param name="numbers">The table.</param>
    public TableNode(ValueNode index, StoredNumbers numbers)
        : base(numbers.Kind, index.Grain)
    {
        (_index, _size, Low, High) = (ConvertNode.To(index, NumberKind.Int64), numbers.Count, numbers.Low, numbers.High);
        _table = GC.AllocateUninitializedArray<byte>(checked((int)_size * sizeof(long)), pinned: true);
        fixed (byte* to = _table)
        {
            for (long i = 0; i < _size; i += ValueChunk.Most) numbers.Read(i, (int)Math.Min(ValueChunk.Most, _size - i), to + (i * Size));
        }
    }

    public override int Buffers => _index.Buffers + 1;

    private int Size => Kind == NumberKind.Int64 ? sizeof(long) : sizeof(int);

    public override void Evaluate(in ValueChunk chunk, byte* to, byte* buffers)
    {
        var index = (long*)buffers;
        _index.Evaluate(chunk, buffers, buffers + ValueChunk.BufferBytes);
        var count = chunk.Cells(Grain);
        fixed (byte* table = _table)
        {
            for (var i = 0; i < count; i++)
            {
                if ((ulong)index[i] >= (ulong)_size) throw new InvalidDataException($"an index is {index[i]}, and the table has {_size} elements");
                if (Size == sizeof(int)) ((int*)to)[i] = ((int*)table)[index[i]];
                else ((long*)to)[i] = ((long*)table)[index[i]];
            }
        }
    }
}
