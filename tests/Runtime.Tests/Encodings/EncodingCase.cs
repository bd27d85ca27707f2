using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Lanyard.Arithmetic;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Tests.Checkpoints;
using TorchSharp;

namespace Lanyard.Tests.Encodings;

/// <summary>A case of the fixture: what is stored, and the values of each tensor that a record says how to decode, join or cut.</summary>
internal sealed class EncodingCase : IDisposable
{
    private readonly Dictionary<string, Reader> _readers = [];
    private readonly torch.Tensor[] _tensors;
    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _checkpoint;
    private readonly bool _jsonConstants;

    /// <summary>Reads a case.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="jsonConstants">Whether constants are companions in JSON instead of numbers in the expression.</param>
    /// <param name="published">How tensors are decoded, instead of what the records say.</param>
    public EncodingCase(string name, bool jsonConstants = false, ValueEncoding? published = null)
    {
        (Name, _jsonConstants) = (name, jsonConstants);
        _checkpoint = Checkpoint.Open(_folder.Write("encodings.safetensors", Bytes.Value));
        var stored = Prefixed($"{name}/in/").ToDictionary(pair => pair.Name, pair => _checkpoint.View(pair.Tensor));
        _tensors = [.. stored.Values];
        foreach (var record in Records.Value[name])
        {
            var shape = record.TryGetProperty("shape", out var sizes) ? Longs(sizes) : [];
            _readers[record.GetProperty("out").GetString()!] =
                record.TryGetProperty("join", out var join) ? Joined([.. join.EnumerateArray().Select(part => _readers[part.GetString()!])])
                : record.TryGetProperty("take", out var take) ? Taken(_readers[take.GetString()!], record.GetProperty("axis").GetInt32(), [.. record.GetProperty("ranges").EnumerateArray().Select(Longs)])
                : published is null ? Decoded(record, shape, stored)
                : Published(published, record, shape, stored);
        }
    }

    /// <summary>Reads values from a position on, as float32 or bfloat16.</summary>
    public delegate void ReadValues(long first, Array values);

    /// <summary>The names of all cases.</summary>
    public static IEnumerable<string> Names => Records.Value.Keys;

    public string Name { get; }

    /// <summary>The tensors that have values.</summary>
    public IEnumerable<string> Outputs => _readers.Keys;

    /// <summary>The tensors that the fixture has values of.</summary>
    public IEnumerable<string> AllExpected => Prefixed($"{Name}/out/").Select(pair => pair.Name);

    private static Lazy<Dictionary<string, List<JsonElement>>> Records { get; } = new(() => JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("encodings", "encodings.json")))
        .RootElement.EnumerateArray().ToDictionary(one => one.GetProperty("case").GetString()!, one => one.GetProperty("decode").EnumerateArray().ToList()));

    private static Lazy<byte[]> Bytes { get; } = new(() =>
    {
        using var stream = new GZipStream(File.OpenRead(Fixtures.Path("encodings", "encodings.safetensors.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    });

    public void Dispose()
    {
        foreach (var tensor in _tensors) tensor.Dispose();
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    /// <summary>The values that the fixture has.</summary>
    public (ImmutableArray<long> Shape, uint[] Bits) Expected(string output) => Expected<uint>($"{Name}/out/{output}") ?? throw new KeyNotFoundException(output);

    /// <summary>What is stored, for a parameter of one name.</summary>
    public Dictionary<string, torch.Tensor> Stored(string name) => Prefixed($"{Name}/in/").ToDictionary(
        pair => name + (pair.Name.StartsWith("w1.", StringComparison.Ordinal) ? pair.Name[2..] : name.Length > 0 && pair.Name.StartsWith("gate_up_proj", StringComparison.Ordinal) ? pair.Name[12..] : pair.Name.StartsWith("down_proj", StringComparison.Ordinal) ? pair.Name[9..] : "." + pair.Name),
        pair => _checkpoint.View(pair.Tensor));

    /// <summary>The values of a tensor.</summary>
    public torch.Tensor Values(string output) => _checkpoint.View(_checkpoint.Tensors[$"{Name}/out/{output}"]);

    /// <summary>The values of the one tensor of the case.</summary>
    public torch.Tensor Values() => _checkpoint.View(Prefixed($"{Name}/out/").Single().Tensor);

    /// <summary>The values that the fixture has in bfloat16, if it has them.</summary>
    public ushort[]? ExpectedNarrow(string output) => Expected<ushort>($"{Name}/out.bf16/{output}")?.Bits;

    /// <summary>The size of what is read.</summary>
    public ImmutableArray<long> Shape(string output) => _readers[output].Shape;

    /// <summary>Reads values, as bits.</summary>
    public T[] Read<T>(string output, long first, long count) where T : unmanaged
    {
        var values = new T[count];
        _readers[output].Read(first, values);
        return values;
    }

    private IEnumerable<(string Name, CheckpointTensor Tensor)> Prefixed(string prefix) =>
        _checkpoint.Tensors.Values.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(tensor => (tensor.Name[prefix.Length..], tensor));

    private unsafe (ImmutableArray<long> Shape, T[] Bits)? Expected<T>(string name) where T : unmanaged
    {
        if (!_checkpoint.Tensors.TryGetValue(name, out var tensor)) return null;
        Assert.Equal(sizeof(T), tensor.DType.Size());
        var bits = new T[tensor.ElementCount];
        _checkpoint.Read(tensor, 0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(bits.AsSpan()));
        return (tensor.Shape, bits);
    }

    private Reader Decoded(JsonElement record, ImmutableArray<long> shape, Dictionary<string, torch.Tensor> stored)
    {
        var (companions, tensors, covers) = (new List<CompanionEncoding>(), new List<torch.Tensor>(), new List<int>());
        var codes = record.GetProperty("codes");
        var isFlat = record.TryGetProperty("flat", out _);
        var axes = isFlat ? 1 : shape.Length;
        foreach (var property in record.GetProperty("companions").EnumerateObject())
        {
            var tensor = property.Value.GetProperty("tensor").GetString()!;
            var companion = new CompanionEncoding(property.Name, tensor, Layout(property.Value, axes));
            if (property.Value.TryGetProperty("covers", out var blocks)) companion = companion with { Covers = ["wrong", string.Join(' ', Longs(blocks).Select(block => block == 0 ? "*" : $"{block}"))] };
            if (property.Value.TryGetProperty("through", out var through))
            {
                companion = companion with { Through = "index" };
                if (!companions.Exists(other => other.Name == "index"))
                {
                    var along = property.Value.GetProperty("axis_through").GetInt32();
                    Add(new CompanionEncoding("index", through.GetString()!, new CodeLayout(CodeType.Number)) { Covers = ["wrong", string.Join(' ', Enumerable.Range(0, axes).Select(axis => axis == along ? "1" : "*"))] });
                }
            }
            Add(companion);
        }
        var value = record.GetProperty("value").GetString()!;
        if (record.TryGetProperty("constants", out var constants))
        {
            foreach (var constant in constants.EnumerateObject())
            {
                if (_jsonConstants) Add(new CompanionEncoding(constant.Name, stored.Keys.Single(name => name.Contains("quant_state")), new CodeLayout(CodeType.Json)) { Field = $"nested_{constant.Name}" });
                else value = value.Replace(constant.Name, ((float)constant.Value.GetDouble()).ToString("G9", CultureInfo.InvariantCulture));
            }
        }
        var encoding = new ValueEncoding("Case", codes.GetProperty("tensor").GetString()!, Layout(codes, axes), value) { Flat = isFlat, Companions = [.. companions] };
        var values = new EncodedValues(encoding, shape, stored[encoding.Codes], tensors, covers);
        return new Reader(shape, (first, found) =>
        {
            if (found is float[] wide) values.Decode(first, wide);
            else values.Decode(first, (ushort[])found);
        });

        void Add(CompanionEncoding companion)
        {
            companions.Add(companion);
            tensors.Add(stored[companion.Tensor]);
            covers.Add(companion.Covers.IsEmpty ? -1 : 1);
        }
    }

    private static Reader Published(ValueEncoding published, JsonElement record, ImmutableArray<long> shape, Dictionary<string, torch.Tensor> stored)
    {
        var name = record.GetProperty("codes").GetProperty("tensor").GetString()!;
        Assert.EndsWith(published.Codes, name, StringComparison.Ordinal);
        var (tensors, covers) = (new List<torch.Tensor>(), new List<int>());
        foreach (var companion in published.Companions)
        {
            // One scale serves all shards, and the source names it.
            var tensor = stored[name.Contains("shard") ? record.GetProperty("companions").GetProperty(companion.Name).GetProperty("tensor").GetString()! : name[..^published.Codes.Length] + companion.Tensor];
            tensors.Add(tensor);
            covers.Add(companion.Covers.Length < 2 ? companion.Covers.Length - 1 : companion.Covers.ToList().FindIndex(text => Covers.TryParse(text, out var blocks) && blocks!.Grid(shape).Aggregate(1L, (count, size) => count * size) == tensor.numel()));
        }
        var values = new EncodedValues(published, shape, stored[name], tensors, covers);
        return new Reader(shape, (first, found) => values.Decode(first, (float[])found));
    }

    private CodeLayout Layout(JsonElement stored, int axes)
    {
        var bits = stored.TryGetProperty("bits", out var size) ? size.GetInt32() : 0;
        var element = stored.GetProperty("element").GetString();
        var layout = new CodeLayout(element switch
        {
            "e8m0" => CodeType.Exponent,
            "e2m1" => CodeType.E2M1,
            "uint" => CodeType.UInt,
            "int" when bits > 0 => CodeType.Int,
            _ => CodeType.Number,
        });
        if (bits == 0) return layout;

        // The blocks of gpt-oss have an axis of their own.
        return layout with
        {
            Bits = bits,
            Word = stored.GetProperty("word").GetInt32(),
            Axis = stored.GetProperty("axis").GetInt32() - axes,
            Order = stored.TryGetProperty("order", out var order) ? [.. order.EnumerateArray().Select(place => place.GetInt32())] : [],
            Block = Name == "mxfp4-gpt-oss" ? 32 : 0,
        };
    }

    private static Reader Joined(Reader[] parts) => new([parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]], (first, values) =>
    {
        var (at, done) = (0L, 0L);
        foreach (var part in parts)
        {
            var size = part.Shape.Aggregate(1L, (count, axis) => count * axis);
            var run = Math.Clamp(at + size - first - done, 0, Math.Min(size, values.Length - done));
            if (run > 0)
            {
                var found = Array.CreateInstance(values.GetType().GetElementType()!, run);
                part.Read(first + done - at, found);
                Array.Copy(found, 0, values, done, run);
                done += run;
            }
            at += size;
        }
    });

    private static Reader Taken(Reader whole, int axis, ImmutableArray<long>[] ranges)
    {
        var inner = whole.Shape[(axis + 1)..].Aggregate(1L, (count, size) => count * size);
        var size = ranges.Sum(range => range[1] - range[0]);
        return new([.. whole.Shape[..axis], size, .. whole.Shape[(axis + 1)..]], (first, values) =>
        {
            for (var i = 0L; i < values.Length;)
            {
                var (outer, place, across) = ((first + i) / inner / size, (first + i) / inner % size, (first + i) % inner);
                foreach (var range in ranges)
                {
                    var length = range[1] - range[0];
                    if (place < length)
                    {
                        var found = Array.CreateInstance(values.GetType().GetElementType()!, Math.Min(values.Length - i, ((length - place) * inner) - across));
                        whole.Read((((outer * whole.Shape[axis]) + range[0] + place) * inner) + across, found);
                        Array.Copy(found, 0, values, i, found.Length);
                        i += found.Length;
                        break;
                    }
                    place -= length;
                }
            }
        });
    }

    private static ImmutableArray<long> Longs(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt64())];

    private sealed record Reader(ImmutableArray<long> Shape, ReadValues Read);
}
