using System.Text;
using System.Text.Json;

namespace Lanyard.Checkpoints;

/// <summary>Reads what a file of a distributed checkpoint says of its tensors: of which tensor each is a piece, and where in it.</summary>
internal static class ShardingInfo
{
    /// <summary>The key of the metadata.</summary>
    public const string Key = "DCP_SHARDING_INFO";

    private const string OffsetsKey = "saved_offsets";
    private const string NameKey = "logical_fqn";

    // Text within text is JSON again, so that twice is what anybody could have meant.
    private const int MaxTexts = 2;

    /// <summary>The pieces of a file, by the names that they have in it; those of tensors that say nothing are whole.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problems">What is wrong is added.</param>
    public static Dictionary<string, CheckpointTensor> Pieces(CheckpointFile file, List<string> problems)
    {
        Dictionary<string, CheckpointTensor> pieces = new(StringComparer.Ordinal);
        if (!file.Header.Metadata.TryGetValue(Key, out string? text))
        {
            return pieces;
        }

        try
        {
            foreach ((string key, (string name, List<ulong> offsets)) in Read(file.Name, text, 0))
            {
                if (file.Header.Tensors.TryGetValue(key, out CheckpointTensor? tensor))
                {
                    if (Problem(tensor, offsets) is string problem)
                    {
                        problems.Add($"{file.Name}: tensor {JsonCursor.Quote(key)}: {problem}");
                        continue;
                    }

                    pieces.Add(key, tensor with { Name = name, Place = new PiecePlace([.. offsets.Select(offset => (long)offset)], []) });
                }
            }
        }
        catch (CheckpointException e)
        {
            problems.AddRange(e.Problems.Select(problem => $"{file.Name}: {Key}, {problem}"));
        }

        return pieces;
    }

    private static string? Problem(CheckpointTensor tensor, List<ulong> offsets)
    {
        if (offsets.Count != tensor.Shape.Length)
        {
            return $"its shape [{string.Join(", ", tensor.Shape)}] has {tensor.Shape.Length} axes, its {OffsetsKey} are {offsets.Count} numbers.";
        }

        // The sizes are below 2^63, the offsets need not be.
        return offsets.Zip(tensor.Shape).Any(axis => axis.First > (ulong)(long.MaxValue - axis.Second)) ? $"its {OffsetsKey} [{string.Join(", ", offsets)}] are larger than any tensor." : null;
    }

    private static Dictionary<string, (string Name, List<ulong> Offsets)> Read(string file, string text, int depth)
    {
        JsonCursor cursor = new(file, Encoding.UTF8.GetBytes(text), 0);
        if (cursor.Next() == JsonTokenType.String && depth < MaxTexts)
        {
            return Read(file, cursor.Text(), depth + 1);
        }

        if (cursor.Kind != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected("it must be an object");
        }

        Dictionary<string, (string, List<ulong>)> pieces = new(StringComparer.Ordinal);
        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string key = cursor.Text();
            string what = $"tensor {JsonCursor.Quote(key)}";
            cursor.Next();
            (string?, List<ulong>) piece = cursor.Kind == JsonTokenType.String ? ReadText(file, cursor.Text(), what) : ReadPiece(ref cursor, what);
            if (!pieces.TryAdd(key, (piece.Item1 ?? key, piece.Item2)))
            {
                throw cursor.Error($"{what} comes twice.");
            }
        }

        cursor.End();
        return pieces;
    }

    private static (string? Name, List<ulong> Offsets) ReadText(string file, string text, string what)
    {
        JsonCursor cursor = new(file, Encoding.UTF8.GetBytes(text), 0);
        cursor.Next();
        (string?, List<ulong>) piece = ReadPiece(ref cursor, what);
        cursor.End();
        return piece;
    }

    private static (string? Name, List<ulong> Offsets) ReadPiece(ref JsonCursor cursor, string what)
    {
        if (cursor.Kind != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected($"{what} must be an object");
        }

        string? name = null;
        List<ulong>? offsets = null;
        HashSet<string> fields = new(StringComparer.Ordinal);
        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string field = cursor.Text();
            if (!fields.Add(field))
            {
                throw cursor.Error($"{what} has {JsonCursor.Quote(field)} twice.");
            }

            cursor.Next();
            if (field == OffsetsKey)
            {
                offsets = ReadOffsets(ref cursor, what);
            }
            else if (field == NameKey)
            {
                name = cursor.Kind == JsonTokenType.String ? cursor.Text() : throw cursor.Unexpected($"{what}, {NameKey} must be a string");
            }
            else
            {
                cursor.Skip();
            }
        }

        return (name, offsets ?? throw cursor.Error($"{what} has no {OffsetsKey}."));
    }

    private static List<ulong> ReadOffsets(ref JsonCursor cursor, string what)
    {
        if (cursor.Kind != JsonTokenType.StartArray)
        {
            throw cursor.Unexpected($"{what}, {OffsetsKey} must be an array");
        }

        List<ulong> offsets = [];
        while (cursor.Next() != JsonTokenType.EndArray)
        {
            offsets.Add(cursor.TryNatural(out ulong offset) ? offset : throw cursor.NotNatural($"{what}, {OffsetsKey}"));
        }

        return offsets;
    }
}
