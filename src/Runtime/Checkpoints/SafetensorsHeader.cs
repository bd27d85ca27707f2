using System.Collections.Immutable;
using System.Text.Json;

namespace Lanyard.Checkpoints;

/// <summary>The header of one file: which tensors it has and where, checked against every rule of the safetensors format.</summary>
/// <param name="Tensors">The tensors in the order of their bytes.</param>
/// <param name="Metadata">The <c>__metadata__</c>, empty if there is none.</param>
internal sealed record SafetensorsHeader(ImmutableArray<CheckpointTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The size of the little-endian length that comes first, in bytes.</summary>
    public const int PrefixLength = 8;

    /// <summary>The largest header, in bytes, without its length.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>The key that is not a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Reads a header.</summary>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="json">The header, without its length.</param>
    /// <param name="fileLength">The size of the file in bytes.</param>
    /// <exception cref="CheckpointException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long fileLength)
    {
        if (json.IsEmpty || json[0] != '{')
        {
            throw new CheckpointException(path, $"byte {PrefixLength}: the header must begin with {{.");
        }

        JsonCursor cursor = new(path, json, PrefixLength);
        Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        cursor.Next();
        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string name = cursor.Text();
            if (name == MetadataKey)
            {
                metadata = metadata is null ? ReadMetadata(ref cursor) : throw cursor.Error($"{MetadataKey} comes twice.");
            }
            else if (entries.ContainsKey(name))
            {
                throw cursor.Error($"tensor {JsonCursor.Quote(name)} comes twice.");
            }
            else
            {
                entries.Add(name, ReadEntry(ref cursor, name));
            }
        }

        cursor.End();
        return new SafetensorsHeader(Check(path, entries.Values, PrefixLength + json.Length, fileLength), metadata ?? []);
    }

    private static Dictionary<string, string> ReadMetadata(ref JsonCursor cursor)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        if (cursor.Next() == JsonTokenType.Null)
        {
            return metadata;
        }

        if (cursor.Kind != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected($"{MetadataKey} must be an object");
        }

        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string key = cursor.Text();
            cursor.Next();
            if (cursor.Kind != JsonTokenType.String)
            {
                throw cursor.Unexpected($"{MetadataKey}, key {JsonCursor.Quote(key)}: the value must be a string");
            }

            if (!metadata.TryAdd(key, cursor.Text()))
            {
                throw cursor.Error($"{MetadataKey}, key {JsonCursor.Quote(key)} comes twice.");
            }
        }

        return metadata;
    }

    private static Entry ReadEntry(ref JsonCursor cursor, string name)
    {
        TensorPlace what = new(name);
        CheckpointType? type = null;
        List<ulong>? shape = null;
        List<ulong>? offsets = null;
        HashSet<string>? others = null;
        cursor.Next();
        if (cursor.Kind != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected($"{what} must be an object");
        }

        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            (bool isType, bool isShape, bool isOffsets) = (cursor.Is("dtype"u8), cursor.Is("shape"u8), cursor.Is("data_offsets"u8));
            bool first = isType ? type is null
                : isShape ? shape is null
                : isOffsets ? offsets is null
                : (others ??= new HashSet<string>(StringComparer.Ordinal)).Add(cursor.Text());
            if (!first)
            {
                throw cursor.Error($"{what} has {JsonCursor.Quote(cursor.Text())} twice.");
            }

            cursor.Next();
            if (isType)
            {
                type = ReadType(in cursor, what);
            }
            else if (isShape)
            {
                shape = ReadNaturals(ref cursor, what with { Field = ", shape" });
            }
            else if (isOffsets)
            {
                offsets = ReadNaturals(ref cursor, what with { Field = ", data_offsets" });
            }
            else
            {
                cursor.Skip();
            }
        }

        return type is null ? throw cursor.Error($"{what} has no dtype.")
            : shape is null ? throw cursor.Error($"{what} has no shape.")
            : offsets is null ? throw cursor.Error($"{what} has no data_offsets.")
            : offsets is not [ulong begin, ulong end] ? throw cursor.Error($"{what}, data_offsets must be two numbers, not {offsets.Count}.")
            : new Entry(name, type.Value, shape, begin, end);
    }

    private static CheckpointType ReadType(ref readonly JsonCursor cursor, TensorPlace what)
    {
        if (cursor.Kind != JsonTokenType.String)
        {
            throw cursor.Unexpected($"{what}, dtype must be a string");
        }

        string text = cursor.Text();
        return CheckpointTypes.TryParse(text, out CheckpointType type) ? type : throw cursor.Error(text switch
        {
            "F4" or "F6_E2M3" or "F6_E3M2" => $"{what}: the dtype {text} is narrower than a byte, which is not supported.",
            "C64" => $"{what}: the dtype {text} is complex, which is not supported.",
            _ => $"{what}: the dtype {JsonCursor.Quote(text)} is unknown.",
        });
    }

    private static List<ulong> ReadNaturals(ref JsonCursor cursor, TensorPlace what)
    {
        List<ulong> numbers = [];
        if (cursor.Kind != JsonTokenType.StartArray)
        {
            throw cursor.Unexpected($"{what} must be an array");
        }

        while (cursor.Next() != JsonTokenType.EndArray)
        {
            numbers.Add(cursor.TryNatural(out ulong number) ? number : throw cursor.NotNatural($"{what}"));
        }

        return numbers;
    }

    private static ImmutableArray<CheckpointTensor> Check(string path, IEnumerable<Entry> entries, long dataStart, long fileLength)
    {
        List<string> problems = [];
        Entry[] ordered = [.. entries];
        foreach (Entry entry in ordered)
        {
            if (Problem(entry, fileLength - dataStart) is string problem)
            {
                problems.Add($"tensor {JsonCursor.Quote(entry.Name)}: {problem}");
            }
        }

        if (problems.Count == 0)
        {
            // Names last, so that the order of empty tensors at one place does not depend on the sort.
            Array.Sort(ordered, static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin)
                : a.End != b.End ? a.End.CompareTo(b.End)
                : string.CompareOrdinal(a.Name, b.Name));
            FindGaps(ordered, dataStart, fileLength, problems);
        }

        if (problems.Count > 0)
        {
            throw new CheckpointException(path, problems);
        }

        string file = Path.GetFileName(path);
        return
        [
            .. ordered.Select(entry => new CheckpointTensor
            {
                Name = entry.Name,
                DType = entry.Type,
                Shape = [.. entry.Shape.Select(size => (long)size)],
                File = file,
                Offset = dataStart + (long)entry.Begin,
                Length = (long)(entry.End - entry.Begin),
            }),
        ];
    }

    private static string? Problem(Entry entry, long dataLength)
    {
        if (entry.Begin > entry.End || entry.End > (ulong)dataLength)
        {
            return $"data_offsets [{entry.Begin}, {entry.End}] are not within the {dataLength} bytes of data.";
        }

        // In order, as the reference implementation does: a zero does not save what overflowed before it.
        UInt128 bytes = 1;
        foreach (ulong size in entry.Shape)
        {
            if (size > long.MaxValue)
            {
                return $"an axis of {size} is longer than any tensor can have.";
            }

            bytes *= size;
            if (bytes > ulong.MaxValue)
            {
                return "its shape has more elements than can be counted.";
            }
        }

        if (bytes == 0 && !HasStrides(entry.Shape))
        {
            return "its shape has strides that are larger than any tensor can have.";
        }

        bytes *= (uint)entry.Type.Size();
        return bytes == entry.End - entry.Begin
            ? null
            : $"its dtype {entry.Type.Text()} and shape [{string.Join(", ", entry.Shape.Take(20))}] take {bytes} bytes, its data_offsets [{entry.Begin}, {entry.End}] hold {entry.End - entry.Begin}.";
    }

    // Of an empty tensor, too, which could not be viewed without them. Those of others are no larger than its elements are many.
    private static bool HasStrides(List<ulong> shape)
    {
        UInt128 stride = 1;
        for (int axis = shape.Count - 1; axis > 0 && stride <= long.MaxValue; axis--)
        {
            stride *= Math.Max(shape[axis], 1);
        }

        return stride <= long.MaxValue;
    }

    private static void FindGaps(Entry[] ordered, long dataStart, long fileLength, List<string> problems)
    {
        ulong at = 0;
        foreach (Entry entry in ordered)
        {
            if (entry.Begin < at)
            {
                problems.Add($"tensor {JsonCursor.Quote(entry.Name)}: begins at {entry.Begin} of the data, within another tensor.");
            }
            else if (entry.Begin > at)
            {
                problems.Add($"byte {dataStart + (long)at}: {entry.Begin - at} bytes before tensor {JsonCursor.Quote(entry.Name)} belong to no tensor.");
            }

            at = Math.Max(at, entry.End);
        }

        if (at < (ulong)(fileLength - dataStart))
        {
            problems.Add($"byte {dataStart + (long)at}: {fileLength - dataStart - (long)at} bytes at the end of the file belong to no tensor.");
        }
    }

    /// <summary>Where a problem is; spelled only when there is one.</summary>
    private readonly record struct TensorPlace(string Name, string Field = "")
    {
        public override string ToString() => $"tensor {JsonCursor.Quote(Name)}{Field}";
    }

    private sealed record Entry(string Name, CheckpointType Type, List<ulong> Shape, ulong Begin, ulong End);
}
