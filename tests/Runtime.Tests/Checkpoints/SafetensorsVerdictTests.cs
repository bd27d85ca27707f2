using System.IO.Compression;
using System.Text.Json;
using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Tests.Checkpoints;

/// <summary>The reader against what the reference implementation said of 800 files.</summary>
public class SafetensorsVerdictTests
{
    // What the reference accepts and this reader does not, each for a reason that its message names.
    private static readonly Dictionary<string, int> Stricter = new()
    {
        ["comes twice"] = 1,
        ["must begin with {"] = 3,
        ["longer than any tensor"] = 1,
    };

    [Fact]
    public void Verdicts_are_those_of_the_reference()
    {
        using TemporaryFolder folder = new();
        List<string> wrong = [];
        Dictionary<string, int> stricter = [];
        int accepted = 0;
        int rejected = 0;
        foreach (JsonElement row in Rows())
        {
            string what = row.GetProperty("what").GetString()!;
            byte[] content = row.GetProperty("file").GetBytesFromBase64();
            string path = folder.Write("x.safetensors", content);
            try
            {
                using Checkpoint checkpoint = Checkpoint.Open(path);
                if (row.GetProperty("accepted").GetBoolean())
                {
                    Compare(checkpoint, row.GetProperty("tensors"), content, $"{what}, row {accepted + rejected}", wrong);
                    accepted++;
                }
                else
                {
                    wrong.Add($"{what}: accepted, the reference says {row.GetProperty("error").GetString()}");
                }
            }
            catch (CheckpointException) when (!row.GetProperty("accepted").GetBoolean())
            {
                rejected++;
            }
            catch (CheckpointException e)
            {
                string reason = Stricter.Keys.SingleOrDefault(e.Message.Contains) ?? $"{what}: {e.Message}";
                stricter[reason] = stricter.GetValueOrDefault(reason) + 1;
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(Stricter.OrderBy(p => p.Key), stricter.OrderBy(p => p.Key));
        Assert.Equal((248 - Stricter.Values.Sum(), 552), (accepted, rejected));
    }

    private static IEnumerable<JsonElement> Rows()
    {
        using GZipStream stream = new(File.OpenRead(Fixtures.Path("safetensors", "verdicts.jsonl.gz")), CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is string line)
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }

    private static void Compare(Checkpoint checkpoint, JsonElement expected, byte[] content, string what, List<string> wrong)
    {
        int dataStart = 8 + (int)BitConverter.ToUInt64(content);
        string[] names = [.. expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];
        if (!names.SequenceEqual(checkpoint.Tensors.Keys.Order(StringComparer.Ordinal)))
        {
            wrong.Add($"{what}: names {string.Join(", ", checkpoint.Tensors.Keys)}");
            return;
        }

        foreach (JsonProperty property in expected.EnumerateObject())
        {
            CheckpointTensor tensor = checkpoint.Tensors[property.Name];
            long begin = property.Value[2].GetInt64() + dataStart;
            long end = property.Value[3].GetInt64() + dataStart;
            long[] shape = [.. property.Value[1].EnumerateArray().Select(e => e.GetInt64())];
            if (tensor.DType.Text() != property.Value[0].GetString() || !tensor.Shape.SequenceEqual(shape)
                || (tensor.Offset, tensor.Length) != (begin, end - begin))
            {
                wrong.Add($"{what}: {tensor} at {tensor.Offset}");
                continue;
            }

            byte[] bytes = new byte[tensor.Length];
            checkpoint.Read(tensor, 0, bytes);
            if (!bytes.AsSpan().SequenceEqual(content.AsSpan((int)begin, (int)(end - begin))))
            {
                wrong.Add($"{what}: the bytes of {tensor} differ");
            }

            if (!tensor.DType.IsViewable())
            {
                Assert.Contains(tensor.DType.Text(), Assert.Throws<CheckpointException>(() => checkpoint.View(tensor)).Message);
                continue;
            }

            using torch.Tensor view = checkpoint.View(tensor);
            if (!view.shape.SequenceEqual(shape) || view.dtype != tensor.DType.ToScalarType()
                || (tensor.Length > 0 && !view.bytes.SequenceEqual(content.AsSpan((int)begin, (int)(end - begin)))))
            {
                wrong.Add($"{what}: the view of {tensor} differs");
            }
        }
    }
}
