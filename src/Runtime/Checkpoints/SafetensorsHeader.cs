using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Lanyard.Checkpoints;

/// <summary>Reads the header of one file, and checks every rule of the safetensors format.</summary>
internal static class SafetensorsHeader
{
    /// <summary>The size of the little-endian length that comes first, in bytes.</summary>
    public const int PrefixLength = 8;

    /// <summary>The largest header, in bytes, without its length.</summary>
    public const int MaxLength = 100_000_000;

    // Of "":{"dtype":"U8","shape":[],"data_offsets":[0,0]}
    private const int LeastEntryBytes = 50;

    /// <summary>The key that is not a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Reads a header.</summary>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="name">What the checkpoint calls it.</param>
    /// <param name="json">The header, without its length, from its opening brace on.</param>
    /// <param name="fileLength">The size of the file in bytes.</param>
    /// <exception cref="CheckpointException">The header breaks a rule of the format.</exception>
    public static CheckpointHeader Parse(string path, string name, ReadOnlySpan<byte> json, long fileLength)
    {
        long dataStart = PrefixLength + json.Length;
        List<string> problems = [];
        Dictionary<string, CheckpointTensor?> tensors = ReadTensors(path, name, json, fileLength, problems, out Dictionary<string, string>? metadata, out int tooLong);
        if (problems.Count > 1 && tooLong > 1)
        {
            problems.Insert(0, $"{tooLong} tensors are not within the file, which has {fileLength} bytes: was it cut short?");
        }

        return new CheckpointHeader(Ordered(path, tensors, problems, dataStart, fileLength)) { Metadata = metadata ?? [] };
    }

    // A method of its own, after which nothing holds on to the text of the header: what follows needs memory, too.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Dictionary<string, CheckpointTensor?> ReadTensors(string path, string file, ReadOnlySpan<byte> json, long fileLength, List<string> problems, out Dictionary<string, string>? metadata, out int tooLong)
    {
        JsonCursor cursor = new(path, json, PrefixLength);
        long dataStart = PrefixLength + json.Length;

        // Room for as many as there can be: what grows holds everything twice, and a half in vain.
        Dictionary<string, CheckpointTensor?> tensors = new(Math.Min(json.Count((byte)'{'), json.Length / LeastEntryBytes), StringComparer.Ordinal);
        (metadata, tooLong) = (null, 0);
        SafetensorsEntry entry = new();
        cursor.Next();
        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string name = cursor.Text();
            if (name == MetadataKey)
            {
                metadata = metadata is null ? ReadMetadata(ref cursor) : throw cursor.Error($"{MetadataKey} comes twice.");
                continue;
            }

            // One look-up for both. The reference holds until the next name is added, by when it has been used.
            ref CheckpointTensor? tensor = ref CollectionsMarshal.GetValueRefOrAddDefault(tensors, name, out bool exists);
            if (exists)
            {
                throw cursor.Error($"tensor {JsonCursor.Quote(name)} comes twice.");
            }

            entry.Read(ref cursor, name);
            if (entry.Problem(fileLength - dataStart) is string problem)
            {
                tooLong += entry.End > (ulong)(fileLength - dataStart) ? 1 : 0;
                problems.Add($"tensor {JsonCursor.Quote(name)}: {problem}");
            }
            else
            {
                tensor = entry.Tensor(file, dataStart);
            }
        }

        cursor.End();
        return tensors;
    }

    private static Dictionary<string, string> ReadMetadata(ref JsonCursor cursor)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);

        // The reference implementation takes null for none.
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

    private static Dictionary<string, CheckpointTensor> Ordered(string path, Dictionary<string, CheckpointTensor?> tensors, List<string> problems, long dataStart, long fileLength)
    {
        // Without problems there is a tensor under every name.
        Dictionary<string, CheckpointTensor> ordered = tensors!;
        if (problems.Count == 0)
        {
            // As most writers leave them.
            if (!IsOrdered(ordered.Values))
            {
                // Into the same dictionary, whose room is made.
                CheckpointTensor[] sorted = [.. ordered.Values];
                Array.Sort(sorted, CheckpointHeader.Compare);
                ordered.Clear();
                foreach (CheckpointTensor tensor in sorted)
                {
                    ordered.Add(tensor.Name, tensor);
                }
            }

            FindGaps(ordered.Values, dataStart, fileLength, problems);
        }

        return problems.Count == 0 ? ordered : throw new CheckpointException(path, problems);
    }

    private static bool IsOrdered(IEnumerable<CheckpointTensor> tensors)
    {
        CheckpointTensor? last = null;
        foreach (CheckpointTensor tensor in tensors)
        {
            if (last is not null && CheckpointHeader.Compare(last, tensor) > 0)
            {
                return false;
            }

            last = tensor;
        }

        return true;
    }

    private static void FindGaps(IEnumerable<CheckpointTensor> ordered, long dataStart, long fileLength, List<string> problems)
    {
        long at = dataStart;
        foreach (CheckpointTensor tensor in ordered)
        {
            if (tensor.Offset < at)
            {
                problems.Add($"tensor {JsonCursor.Quote(tensor.Name)}: begins at {tensor.Offset - dataStart} of the data, within another tensor.");
            }
            else if (tensor.Offset > at)
            {
                problems.Add($"byte {at}: {tensor.Offset - at} bytes before tensor {JsonCursor.Quote(tensor.Name)} belong to no tensor.");
            }

            at = Math.Max(at, tensor.Offset + tensor.Length);
        }

        if (at < fileLength)
        {
            problems.Add($"byte {at}: {fileLength - at} bytes at the end of the file belong to no tensor.");
        }
    }
}
