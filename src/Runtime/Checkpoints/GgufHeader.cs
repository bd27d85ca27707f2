using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Lanyard.Checkpoints;

/// <summary>Reads the header of one file, and checks every rule of the GGUF format, versions 2 and 3.</summary>
internal static class GgufHeader
{
    /// <summary>The bytes that come first.</summary>
    public const int MagicLength = 4;

    /// <summary>How the names of such files end.</summary>
    public const string Extension = ".gguf";

    private const string AlignmentKey = "general.alignment";
    private const uint DefaultAlignment = 32;
    private const uint LeastAlignment = 8;
    private const int MaxNameBytes = 64;
    private const int MaxAxes = 4;

    // A name of no bytes, its length, the number of axes, a type and an offset.
    private const uint LeastTensor = sizeof(ulong) + sizeof(uint) + sizeof(uint) + sizeof(ulong);

    /// <summary>Whether a file says that it is of this format, by its beginning or by its name.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="beginning">Its first bytes.</param>
    public static bool IsOne(string path, ReadOnlySpan<byte> beginning) => HasMagic(beginning) || path.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>Whether a file begins as one of this format.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> beginning) => beginning.SequenceEqual("GGUF"u8);

    /// <summary>Reads a header.</summary>
    /// <param name="cursor">At the beginning of the file.</param>
    /// <param name="name">What the checkpoint calls it.</param>
    /// <exception cref="CheckpointException">The header breaks a rule of the format.</exception>
    public static CheckpointHeader Read(GgufCursor cursor, string name)
    {
        cursor.Take(MagicLength, "the letters GGUF");
        uint version = cursor.U32("the version");
        if (version is not (2 or 3))
        {
            throw cursor.Error(MagicLength, BinaryPrimitives.ReverseEndianness(version) is 2 or 3
                ? "the file is big-endian, which is not read."
                : $"the version is {version}; 2 and 3 are read.");
        }

        ulong tensors = cursor.U64("the number of tensors");
        ulong values = cursor.U64("the number of metadata");
        Dictionary<string, MetadataValue> metadata = GgufMetadata.Read(cursor, values);
        long alignment = Alignment(cursor, metadata);
        List<GgufEntry> entries = ReadTensors(cursor, tensors);
        return new CheckpointHeader(Ordered(cursor, name, entries, alignment)) { TypedMetadata = metadata };
    }

    private static uint Alignment(GgufCursor cursor, Dictionary<string, MetadataValue> metadata)
    {
        if (!metadata.TryGetValue(AlignmentKey, out MetadataValue? value))
        {
            return DefaultAlignment;
        }

        return value.Kind == MetadataKind.U32 && value.Integer<uint>() is uint alignment and > 0 && alignment % LeastAlignment == 0
            ? alignment
            : throw new CheckpointException(cursor.Path, $"{AlignmentKey} must be a U32 that is a multiple of {LeastAlignment}, not {value}.");
    }

    private static List<GgufEntry> ReadTensors(GgufCursor cursor, ulong count)
    {
        cursor.Demand(count, LeastTensor, "tensors");
        List<GgufEntry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            int at = cursor.At;
            string name = ReadName(cursor);
            if (!names.Add(name))
            {
                throw cursor.Error(at, $"tensor {JsonCursor.Quote(name)} comes twice.");
            }

            uint axes = cursor.U32("the number of dimensions");
            if (axes > MaxAxes)
            {
                throw cursor.Error(at, $"tensor {JsonCursor.Quote(name)}: {axes} dimensions are more than the {MaxAxes} allowed.");
            }

            ulong[] shape = new ulong[axes];
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                shape[axis] = cursor.U64("a dimension");
            }

            entries.Add(new GgufEntry(name, shape, cursor.U32("a type"), cursor.U64("an offset")));
        }

        return entries;
    }

    private static string ReadName(GgufCursor cursor)
    {
        int at = cursor.At;
        ulong length = cursor.U64("the length of a name");
        if (length > MaxNameBytes)
        {
            throw cursor.Error(at, $"the name of a tensor has {length} bytes, more than the {MaxNameBytes} allowed.");
        }

        ReadOnlySpan<byte> name = cursor.Take(length, "a name");
        return Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : throw cursor.Error(at, "the name of a tensor is not UTF-8.");
    }

    private static Dictionary<string, CheckpointTensor> Ordered(GgufCursor cursor, string file, List<GgufEntry> entries, long alignment)
    {
        long dataStart = (cursor.At + alignment - 1) / alignment * alignment;
        List<CheckpointTensor> tensors = [];
        List<string> problems = [];
        foreach (GgufEntry entry in entries)
        {
            if (entry.Problem(alignment, Math.Max(0, cursor.Length - dataStart)) is string problem)
            {
                problems.Add($"tensor {JsonCursor.Quote(entry.Name)}: {problem}");
            }
            else
            {
                tensors.Add(entry.Tensor(file, dataStart));
            }
        }

        Dictionary<string, CheckpointTensor> ordered = CheckpointHeader.InOrder(tensors);
        FindOverlaps(ordered.Values, problems);
        return problems.Count == 0 ? ordered : throw new CheckpointException(cursor.Path, problems);
    }

    // What no tensor has is padding.
    private static void FindOverlaps(IEnumerable<CheckpointTensor> ordered, List<string> problems)
    {
        CheckpointTensor? last = null;
        foreach (CheckpointTensor tensor in ordered.Where(static tensor => tensor.Length > 0))
        {
            if (last is not null && tensor.Offset < last.Offset + last.Length)
            {
                problems.Add($"tensor {JsonCursor.Quote(tensor.Name)}: begins at byte {tensor.Offset} of the file, within {JsonCursor.Quote(last.Name)}.");
            }

            last = tensor;
        }
    }
}
