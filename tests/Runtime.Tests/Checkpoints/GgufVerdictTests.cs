using System.IO.Compression;
using System.Text.Json;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Checkpoints;

/// <summary>The reader against what the published specification says of 600 files.</summary>
public class GgufVerdictTests
{
    // What the specification is silent about and this reader refuses, each for a reason that its message names.
    private static readonly Dictionary<string, int> Refused = new()
    {
        ["big-endian"] = 7,
        ["more than 4 deep"] = 5,
        ["is unknown"] = 3,
        ["larger than any tensor"] = 2,
        ["within \""] = 7,
    };

    private static readonly string[] Types =
    [
        "F32", "F16", "Q4_0", "Q4_1", "", "", "Q5_0", "Q5_1", "Q8_0", "", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL",
        "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0", "", "", "", "MXFP4", "NVFP4",
    ];

    [Fact]
    public void Verdicts_are_those_of_the_specification()
    {
        using TemporaryFolder folder = new();
        List<string> wrong = [];
        Dictionary<string, int> refused = [];
        Dictionary<(string, bool), int> counts = [];
        foreach (JsonElement row in Rows())
        {
            (string what, string verdict) = (row.GetProperty("what").GetString()!, row.GetProperty("accepted").GetString()!);
            string path = folder.Write("x.gguf", row.GetProperty("file").GetBytesFromBase64());
            try
            {
                using Checkpoint checkpoint = Checkpoint.Open(path);
                counts[(verdict, true)] = counts.GetValueOrDefault((verdict, true)) + 1;
                if (verdict == "no")
                {
                    wrong.Add($"{what}: accepted, but {row.GetProperty("error").GetString()}");
                    continue;
                }

                Compare(checkpoint, row.GetProperty("tensors"), what, wrong);
                ReadAll(checkpoint);
            }
            catch (CheckpointException e)
            {
                counts[(verdict, false)] = counts.GetValueOrDefault((verdict, false)) + 1;
                if (verdict == "yes")
                {
                    wrong.Add($"{what}: {e.Message}");
                }
                else if (verdict == "either")
                {
                    string reason = Refused.Keys.SingleOrDefault(e.Message.Contains) ?? $"{what}: {e.Message}";
                    refused[reason] = refused.GetValueOrDefault(reason) + 1;
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(Refused.OrderBy(p => p.Key), refused.OrderBy(p => p.Key));
        Assert.Equal((123, 376, 101 - Refused.Values.Sum()), (counts[("yes", true)], counts[("no", false)], counts[("either", true)]));
    }

    private static IEnumerable<JsonElement> Rows()
    {
        using GZipStream stream = new(File.OpenRead(Fixtures.Path("gguf", "verdicts.jsonl.gz")), CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is string line)
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }

    private static void Compare(Checkpoint checkpoint, JsonElement expected, string what, List<string> wrong)
    {
        string[] names = [.. expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];
        if (!names.SequenceEqual(checkpoint.Tensors.Keys.Order(StringComparer.Ordinal)))
        {
            wrong.Add($"{what}: names {string.Join(", ", checkpoint.Tensors.Keys)}");
            return;
        }

        foreach (JsonProperty property in expected.EnumerateObject())
        {
            CheckpointTensor tensor = checkpoint.Tensors[property.Name];
            long[] shape = [.. property.Value[1].EnumerateArray().Select(e => e.GetInt64()).Reverse()];
            long begin = property.Value[2].GetInt64();
            long end = property.Value[3].GetInt64();
            if (tensor.DType.Text() != Types[property.Value[0].GetInt32()] || !tensor.Shape.SequenceEqual(shape)
                || tensor.Length != end - begin || (end > begin && tensor.Offset != begin))
            {
                wrong.Add($"{what}: {tensor} at {tensor.Offset}, {tensor.Length} bytes");
            }
        }
    }

    private static void ReadAll(Checkpoint checkpoint)
    {
        foreach (CheckpointTensor tensor in checkpoint.Tensors.Values)
        {
            checkpoint.Read(tensor, 0, new byte[tensor.Length]);
        }
    }
}
