using System.Text;

namespace Lanyard.Checkpoints;

/// <summary>Reads the metadata of a GGUF header, and checks every value.</summary>
internal static class GgufMetadata
{
    // As the published specification allows.
    private const int MaxKeyBytes = 65535;
    private const int MaxArrays = 4;

    // A key of no bytes, its length, a type and a value of one byte.
    private const uint LeastEntry = sizeof(ulong) + sizeof(uint) + 1;

    /// <summary>Reads all values.</summary>
    /// <param name="cursor">At the first key; afterwards behind the last value.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="CheckpointException">Something is not what the format says.</exception>
    public static Dictionary<string, MetadataValue> Read(GgufCursor cursor, ulong count)
    {
        cursor.Demand(count, LeastEntry, "metadata");
        List<(string Key, MetadataKind Kind, int Start, int End)> entries = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            int at = cursor.At;
            string key = ReadKey(cursor);
            if (!keys.Add(key))
            {
                throw cursor.Error(at, $"metadata {JsonCursor.Quote(key)} comes twice.");
            }

            MetadataKind kind = ReadKind(cursor, key);
            int start = cursor.At;
            Pass(cursor, key, kind, depth: 0);
            entries.Add((key, kind, start, cursor.At));
        }

        return entries.ToDictionary(
            static entry => entry.Key, entry => new MetadataValue(cursor.Path, entry.Key, entry.Kind, cursor.Before(entry.Start, entry.End)), StringComparer.Ordinal);
    }

    private static string ReadKey(GgufCursor cursor)
    {
        int at = cursor.At;
        ulong length = cursor.U64("the length of a key");
        if (length > MaxKeyBytes)
        {
            throw cursor.Error(at, $"a key of {length} bytes is longer than the {MaxKeyBytes} allowed.");
        }

        ReadOnlySpan<byte> key = cursor.Take(length, "a key");
        return Ascii.IsValid(key) ? Encoding.ASCII.GetString(key) : throw cursor.Error(at, "a key is not ASCII.");
    }

    private static MetadataKind ReadKind(GgufCursor cursor, string key)
    {
        int at = cursor.At;
        uint kind = cursor.U32("a type of metadata");
        return kind <= (uint)MetadataKind.F64 ? (MetadataKind)kind : throw cursor.Error(at, $"metadata {JsonCursor.Quote(key)}: the type {kind} is unknown.");
    }

    private static void Pass(GgufCursor cursor, string key, MetadataKind kind, int depth)
    {
        if (kind != MetadataKind.Array)
        {
            Pass(cursor, key, kind, 1UL);
            return;
        }

        if (depth == MaxArrays)
        {
            throw cursor.Error(cursor.At, $"metadata {JsonCursor.Quote(key)}: arrays are nested more than {MaxArrays} deep.");
        }

        MetadataKind items = ReadKind(cursor, key);
        ulong count = cursor.U64("the length of an array");
        if (items == MetadataKind.Array)
        {
            cursor.Demand(count, (uint)MetadataValue.ArrayStart, "an array of arrays");
            for (; count > 0; count--)
            {
                Pass(cursor, key, items, depth + 1);
            }
        }
        else
        {
            Pass(cursor, key, items, count);
        }
    }

    private static void Pass(GgufCursor cursor, string key, MetadataKind kind, ulong count)
    {
        int at = cursor.At;
        if (kind == MetadataKind.Text)
        {
            cursor.Demand(count, sizeof(ulong), "texts");
            for (; count > 0; count--)
            {
                cursor.Take(cursor.U64("the length of a text"), "a text");
            }

            return;
        }

        uint size = (uint)MetadataValue.SizeOf(kind);
        cursor.Demand(count, size, "values");
        ReadOnlySpan<byte> values = cursor.Take(count * size, "values");
        if (kind == MetadataKind.Boolean && values.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw cursor.Error(at, $"metadata {JsonCursor.Quote(key)}: a truth value is neither 0 nor 1.");
        }
    }
}
