using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Lanyard.Checkpoints;

/// <summary>One tensor of a header, as it is being read. Used again for the next one.</summary>
internal sealed class SafetensorsEntry
{
    private readonly List<ulong> _shape = [];
    private readonly List<ulong> _offsets = [];
    private string _name = "";
    private CheckpointType? _type;
    private ImmutableArray<long> _last;

    private ulong Begin => _offsets[0];

    /// <summary>Where it ends in the data, as the header says.</summary>
    public ulong End => _offsets[1];

    /// <summary>Reads the value of a tensor's key.</summary>
    /// <param name="cursor">At the key; afterwards at the end of the value.</param>
    /// <param name="name">The key.</param>
    /// <exception cref="CheckpointException">The value is not what the format says.</exception>
    public void Read(ref JsonCursor cursor, string name)
    {
        TensorPlace what = new(name);
        HashSet<string>? others = null;
        (_name, _type) = (name, null);
        (bool hasShape, bool hasOffsets) = (false, false);
        cursor.Next();
        if (cursor.Kind != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected($"{what} must be an object");
        }

        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            if (cursor.Is("dtype"u8))
            {
                Once(in cursor, what, _type is null);
                cursor.Next();
                _type = ReadType(in cursor, what);
            }
            else if (cursor.Is("shape"u8))
            {
                Once(in cursor, what, !hasShape);
                hasShape = true;
                ReadNaturals(ref cursor, what with { Field = ", shape" }, _shape);
            }
            else if (cursor.Is("data_offsets"u8))
            {
                Once(in cursor, what, !hasOffsets);
                hasOffsets = true;
                ReadNaturals(ref cursor, what with { Field = ", data_offsets" }, _offsets);
            }
            else
            {
                Once(in cursor, what, (others ??= new HashSet<string>(StringComparer.Ordinal)).Add(cursor.Text()));
                cursor.Next();
                cursor.Skip();
            }
        }

        string? missing = _type is null ? "dtype" : !hasShape ? "shape" : !hasOffsets ? "data_offsets" : null;
        if (missing is not null)
        {
            throw cursor.Error($"{what} has no {missing}.");
        }

        if (_offsets.Count != 2)
        {
            throw cursor.Error($"{what}, data_offsets must be two numbers, not {_offsets.Count}.");
        }
    }

    /// <summary>What is wrong with the numbers; null if nothing is.</summary>
    /// <param name="dataLength">How many bytes of data the file has.</param>
    public string? Problem(long dataLength)
    {
        if (Begin > End || End > (ulong)dataLength)
        {
            return $"data_offsets [{Begin}, {End}] are not within the {dataLength} bytes of data.";
        }

        // In order, as the reference implementation does: a zero does not save what overflowed before it.
        UInt128 bytes = 1;
        foreach (ulong size in _shape)
        {
            if (size > long.MaxValue)
            {
                return $"an axis of {size} is longer than any tensor can have.";
            }

            // Both are below 2^64, so that 128 bits hold the product.
            bytes *= size;
            if (bytes > ulong.MaxValue)
            {
                return "its shape has more elements than can be counted.";
            }
        }

        if (bytes == 0 && !HasStrides())
        {
            return "its shape has strides that are larger than any tensor can have.";
        }

        // Still within 128 bits: elements below 2^64 of eight bytes at most.
        bytes *= (uint)_type!.Value.BlockBytes();
        if (bytes % (uint)_type.Value.BlockElements() != 0)
        {
            return $"its shape [{string.Join(", ", _shape.Take(20))}] of {_type.Value.Text()} does not end at the end of a byte.";
        }

        bytes /= (uint)_type.Value.BlockElements();
        return bytes == End - Begin
            ? null
            : $"its dtype {_type.Value.Text()} and shape [{string.Join(", ", _shape.Take(20))}] take {bytes} bytes, its data_offsets [{Begin}, {End}] hold {End - Begin}.";
    }

    /// <summary>The tensor, if it has no <see cref="Problem"/>.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="dataStart">Where the data begin in it, in bytes.</param>
    public CheckpointTensor Tensor(string file, long dataStart) => new()
    {
        Name = _name,
        DType = _type!.Value,
        Shape = Shape(),
        File = file,
        Offset = dataStart + (long)Begin,
        Length = (long)(End - Begin),
    };

    // Neighbours mostly have the same, which is one array then.
    private ImmutableArray<long> Shape()
    {
        if (!_last.IsDefault && IsLast())
        {
            return _last;
        }

        long[] shape = new long[_shape.Count];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = (long)_shape[axis];
        }

        return _last = ImmutableCollectionsMarshal.AsImmutableArray(shape);
    }

    private bool IsLast()
    {
        bool same = _last.Length == _shape.Count;
        for (int axis = 0; same && axis < _last.Length; axis++)
        {
            same = (ulong)_last[axis] == _shape[axis];
        }

        return same;
    }

    // Of an empty tensor, too, which could not be viewed without them. Those of others are no larger than its elements are many.
    private bool HasStrides()
    {
        UInt128 stride = 1;
        for (int axis = _shape.Count - 1; axis > 0 && stride <= long.MaxValue; axis--)
        {
            stride *= Math.Max(_shape[axis], 1);
        }

        return stride <= long.MaxValue;
    }

    private static void Once(ref readonly JsonCursor cursor, TensorPlace what, bool first)
    {
        if (!first)
        {
            throw cursor.Error($"{what} has {JsonCursor.Quote(cursor.Text())} twice.");
        }
    }

    private static CheckpointType ReadType(ref readonly JsonCursor cursor, TensorPlace what)
    {
        if (cursor.Kind != JsonTokenType.String)
        {
            throw cursor.Unexpected($"{what}, dtype must be a string");
        }

        // The one that nearly all have; a string for each would be garbage.
        if (cursor.Is("BF16"u8))
        {
            return CheckpointType.BF16;
        }

        string text = cursor.Text();
        return CheckpointTypes.TryParse(text, out CheckpointType type) ? type : throw cursor.Error($"{what}: the dtype {JsonCursor.Quote(text)} is unknown.");
    }

    private static void ReadNaturals(ref JsonCursor cursor, TensorPlace what, List<ulong> numbers)
    {
        numbers.Clear();
        cursor.Next();
        if (cursor.Kind != JsonTokenType.StartArray)
        {
            throw cursor.Unexpected($"{what} must be an array");
        }

        while (cursor.Next() != JsonTokenType.EndArray)
        {
            numbers.Add(cursor.TryNatural(out ulong number) ? number : throw cursor.NotNatural($"{what}"));
        }
    }

    /// <summary>Where a problem is; spelled only when there is one.</summary>
    private readonly record struct TensorPlace(string Name, string Field = "")
    {
        public override string ToString() => $"tensor {JsonCursor.Quote(Name)}{Field}";
    }
}
