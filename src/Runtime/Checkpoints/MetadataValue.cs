using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lanyard.Checkpoints;

/// <summary>
/// A value of GGUF metadata, read when it is asked for. What is asked for must be there: <c>value.Integer&lt;int&gt;()</c> takes an integer
/// of any width that fits, and refuses a text, a fraction and what is too large.
/// </summary>
public sealed class MetadataValue
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly string _file;
    private readonly string _name;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>A value that has been checked.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="name">The key, for messages; of an item with its index.</param>
    /// <param name="kind">The type.</param>
    /// <param name="bytes">The value as it is in the file.</param>
    internal MetadataValue(string file, string name, MetadataKind kind, ReadOnlyMemory<byte> bytes) => (_file, _name, Kind, _bytes) = (file, name, kind, bytes);

    /// <summary>The type.</summary>
    public MetadataKind Kind { get; }

    /// <summary>An F32 or F64.</summary>
    /// <exception cref="CheckpointException">It is of another type.</exception>
    public double Number => Kind switch
    {
        MetadataKind.F32 => BinaryPrimitives.ReadSingleLittleEndian(_bytes.Span),
        MetadataKind.F64 => BinaryPrimitives.ReadDoubleLittleEndian(_bytes.Span),
        _ => throw Unexpected("a floating-point number"),
    };

    /// <summary>A truth value.</summary>
    /// <exception cref="CheckpointException">It is of another type.</exception>
    public bool Boolean => Kind == MetadataKind.Boolean ? _bytes.Span[0] != 0 : throw Unexpected("a truth value");

    /// <summary>A text.</summary>
    /// <exception cref="CheckpointException">It is of another type, or not UTF-8.</exception>
    public string Text
    {
        get
        {
            if (Kind != MetadataKind.Text)
            {
                throw Unexpected("a text");
            }

            try
            {
                return Strict.GetString(_bytes.Span[sizeof(ulong)..]);
            }
            catch (DecoderFallbackException e)
            {
                throw Error("is not UTF-8", e);
            }
        }
    }

    /// <summary>The values of an array, in order.</summary>
    /// <exception cref="CheckpointException">It is of another type.</exception>
    public IReadOnlyList<MetadataValue> Items
    {
        get
        {
            if (Kind != MetadataKind.Array)
            {
                throw Unexpected("an array");
            }

            (MetadataKind kind, int count) = ArrayOf(_bytes.Span);
            MetadataValue[] items = new MetadataValue[count];
            int at = ArrayStart;
            for (int i = 0; i < count; i++)
            {
                int length = LengthOf(kind, _bytes.Span[at..]);
                items[i] = new MetadataValue(_file, string.Create(CultureInfo.InvariantCulture, $"{_name}[{i}]"), kind, _bytes.Slice(at, length));
                at += length;
            }

            return items;
        }
    }

    /// <summary>The bytes before the items of an array: their type and their number.</summary>
    internal static int ArrayStart => sizeof(uint) + sizeof(ulong);

    /// <summary>An integer of any width.</summary>
    /// <typeparam name="T">The type to give it in.</typeparam>
    /// <exception cref="CheckpointException">It is of another type, or out of range.</exception>
    public T Integer<T>() where T : IBinaryInteger<T>
    {
        ReadOnlySpan<byte> bytes = _bytes.Span;
        Int128 value = Kind switch
        {
            MetadataKind.U8 => bytes[0],
            MetadataKind.I8 => (sbyte)bytes[0],
            MetadataKind.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            MetadataKind.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            MetadataKind.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            MetadataKind.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            MetadataKind.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            MetadataKind.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => throw Unexpected("an integer"),
        };
        try
        {
            return T.CreateChecked(value);
        }
        catch (OverflowException e)
        {
            throw Error($"is {value}, out of the range of {typeof(T).Name}", e);
        }
    }

    /// <summary>The size of a value, in bytes: of a text its length and its bytes, of an array all that belongs to it.</summary>
    /// <param name="kind">Its type.</param>
    /// <param name="bytes">Where it begins.</param>
    internal static int LengthOf(MetadataKind kind, ReadOnlySpan<byte> bytes)
    {
        if (kind == MetadataKind.Text)
        {
            return sizeof(ulong) + checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        if (kind != MetadataKind.Array)
        {
            return SizeOf(kind);
        }

        (MetadataKind items, int count) = ArrayOf(bytes);
        int length = ArrayStart;
        if (SizeOf(items) is int size and > 0)
        {
            return length + checked(size * count);
        }

        for (; count > 0; count--)
        {
            length += LengthOf(items, bytes[length..]);
        }

        return length;
    }

    /// <summary>The size of every value of a type, in bytes; zero of texts and arrays, which have sizes of their own.</summary>
    internal static int SizeOf(MetadataKind kind) => kind switch
    {
        MetadataKind.U8 or MetadataKind.I8 or MetadataKind.Boolean => 1,
        MetadataKind.U16 or MetadataKind.I16 => 2,
        MetadataKind.U32 or MetadataKind.I32 or MetadataKind.F32 => 4,
        MetadataKind.U64 or MetadataKind.I64 or MetadataKind.F64 => 8,
        _ => 0,
    };

    /// <summary>Whether two values are the same bits of the same type.</summary>
    internal bool Same(MetadataValue other) => Kind == other.Kind && _bytes.Span.SequenceEqual(other._bytes.Span);

    /// <summary>The type, and the value where it is a number or a truth value.</summary>
    public override string ToString() => Kind switch
    {
        MetadataKind.Text or MetadataKind.Array => $"{Kind}",
        MetadataKind.Boolean => $"{Kind} {Boolean}",
        MetadataKind.F32 or MetadataKind.F64 => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Number}"),
        _ => $"{Kind} {Integer<Int128>()}",
    };

    private static (MetadataKind Kind, int Count) ArrayOf(ReadOnlySpan<byte> bytes) =>
        ((MetadataKind)BinaryPrimitives.ReadUInt32LittleEndian(bytes), checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(uint)..])));

    private CheckpointException Unexpected(string expected) => Error($"is {Kind}, not {expected}");

    private CheckpointException Error(string problem, Exception? inner = null) => new(_file, $"metadata {JsonCursor.Quote(_name)} {problem}.", inner);
}
