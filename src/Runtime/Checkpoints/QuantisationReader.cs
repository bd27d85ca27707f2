using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lanyard.Checkpoints;

/// <summary>
/// Finds in a configuration what it says of quantisation: in <c>quantization_config</c>, or what older and other tools call it, and in objects within it, such as the
/// groups of compressed-tensors and the layers of ModelOpt. What it does not know is passed over.
/// </summary>
internal static class QuantisationReader
{
    // Of models within models; deeper there is none.
    private const int MaxLevels = 3;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="name">Its name.</param>
    /// <param name="json">Its content.</param>
    /// <exception cref="CheckpointException">It is not a JSON object.</exception>
    public static QuantisationConfig Read(string path, string name, byte[] json)
    {
        List<QuantisedBlocks> blocks = [];
        Dictionary<string, string> fields = new(StringComparer.Ordinal);

        // Which number it is says nothing of quantisation.
        if (json.AsSpan().IndexOf("Infinity"u8) >= 0) json = Encoding.UTF8.GetBytes(PythonJson.Plain(Encoding.UTF8.GetString(json), "0"));
        JsonCursor cursor = new(path, json.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? json.AsSpan(3) : json, 0);
        if (cursor.Next() != JsonTokenType.StartObject)
        {
            throw cursor.Unexpected("a configuration must be an object");
        }

        // Two of the files are such an object themselves.
        if (name is "quantize_config.json" or "quant_config.json")
        {
            blocks.AddRange(ReadObject(ref cursor, fields));
        }
        else
        {
            Find(ref cursor, MaxLevels, blocks, fields);
        }

        cursor.End();
        return new QuantisationConfig(name, [.. blocks], fields.ToImmutableDictionary(StringComparer.Ordinal));
    }

    private static void Find(ref JsonCursor cursor, int levels, List<QuantisedBlocks> blocks, Dictionary<string, string> fields)
    {
        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string name = cursor.Text();
            cursor.Next();
            if (cursor.Kind != JsonTokenType.StartObject)
            {
                cursor.Skip();
            }
            else if (name is "quantization_config" or "compression_config" or "quantization")
            {
                blocks.AddRange(ReadObject(ref cursor, fields));
            }
            else if (levels > 1)
            {
                Find(ref cursor, levels - 1, blocks, fields);
            }
            else
            {
                cursor.Skip();
            }
        }
    }

    /// <summary>The blocks of an object and of those within it, which have its bits unless they say others.</summary>
    private static List<QuantisedBlocks> ReadObject(ref JsonCursor cursor, Dictionary<string, string>? fields)
    {
        List<QuantisedBlocks> blocks = [];
        (long? bits, long? method) = (null, null);
        while (cursor.Next() == JsonTokenType.PropertyName)
        {
            string name = cursor.Text();
            cursor.Next();
            switch (cursor.Kind)
            {
                // Scales of what is computed meanwhile are none of weights.
                case JsonTokenType.StartObject when name.Contains("activation", StringComparison.Ordinal) || name.Contains("kv_cache", StringComparison.Ordinal):
                    cursor.Skip();
                    break;
                case JsonTokenType.StartObject:
                    blocks.AddRange(ReadObject(ref cursor, null));
                    break;
                case JsonTokenType.StartArray:
                    if (ReadSizes(ref cursor) is [> 0, > 0] and var sizes && name is "weight_block_size" or "block_structure")
                    {
                        blocks.Add(new QuantisedBlocks($"{name} [{sizes[0]}, {sizes[1]}]", [.. sizes], null));
                    }

                    break;
                case JsonTokenType.Number:
                    long? number = cursor.TryNatural(out ulong natural) && natural <= long.MaxValue ? (long)natural : null;
                    if (name is "group_size" or "q_group_size" or "groupsize" && (number is not null || cursor.IsNegative))
                    {
                        blocks.Add(new QuantisedBlocks($"{name} {number?.ToString(CultureInfo.InvariantCulture) ?? "-1"}", [number ?? 0], null));
                    }
                    else if (name is "bits" or "w_bit" or "num_bits" or "nbits")
                    {
                        bits = number;
                    }

                    fields?.TryAdd(name, number?.ToString(CultureInfo.InvariantCulture) ?? "");
                    break;
                case JsonTokenType.String:
                    string text = cursor.Text();
                    method = (name is "quant_algo" or "quant_method" ? BitsOf(text) : null) ?? method;
                    fields?.TryAdd(name, text);
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    fields?.TryAdd(name, cursor.Kind == JsonTokenType.True ? "true" : "false");
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return blocks.ConvertAll(found => found with { Bits = found.Bits ?? bits ?? method });
    }

    /// <summary>The numbers of an array; null where it has anything else.</summary>
    private static List<long>? ReadSizes(ref JsonCursor cursor)
    {
        List<long>? sizes = [];
        while (cursor.Next() != JsonTokenType.EndArray)
        {
            if (cursor.TryNatural(out ulong size) && size <= long.MaxValue)
            {
                sizes?.Add((long)size);
            }
            else
            {
                cursor.Skip();
                sizes = null;
            }
        }

        return sizes;
    }

    /// <summary>The bits of the weights of a method that is named by them; null of one that is not.</summary>
    private static long? BitsOf(string method)
    {
        string name = method.ToUpperInvariant();
        return name.Contains("W4", StringComparison.Ordinal) || name.Contains("FP4", StringComparison.Ordinal) || name.Contains("INT4", StringComparison.Ordinal) || name.Contains("NF4", StringComparison.Ordinal) ? 4
            : name.Contains("W8", StringComparison.Ordinal) || name.Contains("FP8", StringComparison.Ordinal) || name.Contains("INT8", StringComparison.Ordinal) ? 8
            : null;
    }
}
