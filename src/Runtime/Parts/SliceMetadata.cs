using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lanyard.Checkpoints;
using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>
/// How a rank's files say what they hold, in <c>__metadata__</c>. <c>lanyard.slices</c> is an object of the tensors of which the rank
/// holds a part: <c>{"q_proj.weight":{"pattern":"(heads dim) hidden","axes":{"heads":[4,[0,2]],"dim":[6],"hidden":[10]}}}</c>, for each axis
/// its size and the runs held, <c>[start,count]</c> or <c>[start,count,step]</c>, none where it is held whole, <c>[0,0]</c> where nothing
/// of it is held.
/// <c>lanyard.elsewhere</c> is an array of the tensors of which only other ranks hold anything. <c>lanyard.items</c> is an object of the lists of which
/// only other ranks have some items: <c>{"layers.":{"numbers":[2,3],"names":["x.weight"]}}</c>, with what an item that is here has below it.
/// <c>lanyard.version</c> is what the weights are called.
/// </summary>
internal static class SliceMetadata
{
    private const string Reserved = Checkpoint.ReservedKeys;
    private const string SlicesKey = Reserved + "slices";
    private const string ElsewhereKey = Reserved + "elsewhere";
    private const string ItemsKey = Reserved + "items";
    private const string VersionKey = Reserved + "version";

    // Axes that are held in other runs than one are expanded: so many indices in all, whatever a file says.
    private const long MaxIndices = 1 << 24;

    public static bool IsReserved(string key) => key.StartsWith(Reserved, StringComparison.Ordinal);

    /// <summary>The metadata of a rank's files.</summary>
    public static Dictionary<string, string> Write(IReadOnlyDictionary<string, string> metadata, IEnumerable<(string Name, TensorSlice Slice)> tensors, IEnumerable<string> elsewhere, IEnumerable<ElsewhereItems> items, string? version)
    {
        var all = new Dictionary<string, string>(metadata, StringComparer.Ordinal);
        if (version is not null) all[VersionKey] = version;
        if (tensors.Where(tensor => !tensor.Slice.IsWhole).ToList() is { Count: > 0 } parts) all[SlicesKey] = Json(json => WriteSlices(json, parts));
        if (elsewhere.ToList() is { Count: > 0 } names) all[ElsewhereKey] = Json(json => WriteNames(json, names));
        if (items.DistinctBy(item => item.Path).ToList() is { Count: > 0 } lists) all[ItemsKey] = Json(json => WriteItems(json, lists));
        return all;
    }

    /// <summary>What metadata call the weights; null where they say nothing.</summary>
    public static string? VersionOf(IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(VersionKey);

    /// <summary>The metadata of whole tensors that several ranks have parts of.</summary>
    /// <param name="metadata">What all ranks say alike.</param>
    /// <param name="version">What they call the weights, or null.</param>
    public static Dictionary<string, string> Merged(Dictionary<string, string> metadata, string? version)
    {
        if (version is not null) metadata[VersionKey] = version;
        return metadata;
    }

    /// <exception cref="FormatException">The text is not what <see cref="Write"/> writes.</exception>
    public static Dictionary<string, TensorSlice> ReadSlices(IReadOnlyDictionary<string, string> metadata) => SlicesOf(metadata) is { } text ? ReadSlices(text) : [];

    /// <summary>What metadata say of slices, to be read; null where they say nothing.</summary>
    public static string? SlicesOf(IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(SlicesKey);

    /// <inheritdoc cref="ReadSlices(IReadOnlyDictionary{string, string})"/>
    public static Dictionary<string, TensorSlice> ReadSlices(string text)
    {
        var room = MaxIndices;
        return Read(text, SlicesKey, root => root.EnumerateObject().ToDictionary(
            tensor => tensor.Name,
            tensor => new TensorSlice(Text(tensor.Value.GetProperty("pattern")), tensor.Value.GetProperty("axes").EnumerateObject().Select(axis => ReadAxis(axis, ref room))),
            StringComparer.Ordinal));
    }

    /// <inheritdoc cref="ReadSlices(IReadOnlyDictionary{string, string})"/>
    public static List<string> ReadElsewhere(IReadOnlyDictionary<string, string> metadata) =>
        Read(metadata.GetValueOrDefault(ElsewhereKey), ElsewhereKey, root => root.EnumerateArray().Select(Text).ToList());

    /// <inheritdoc cref="ReadSlices(IReadOnlyDictionary{string, string})"/>
    public static List<ElsewhereItems> ReadItems(IReadOnlyDictionary<string, string> metadata) => Read(metadata.GetValueOrDefault(ItemsKey), ItemsKey, root => root.EnumerateObject().Select(list => new ElsewhereItems(
        list.Name,
        [.. list.Value.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt32())],
        [.. list.Value.GetProperty("names").EnumerateArray().Select(Text)])).ToList());

    private static void WriteItems(Utf8JsonWriter json, List<ElsewhereItems> lists)
    {
        json.WriteStartObject();
        foreach (var list in lists)
        {
            json.WriteStartObject(list.Path);
            json.WriteStartArray("numbers");
            foreach (var number in list.Numbers) json.WriteNumberValue(number);
            json.WriteEndArray();
            json.WritePropertyName("names");
            WriteNames(json, list.Names);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteSlices(Utf8JsonWriter json, List<(string Name, TensorSlice Slice)> parts)
    {
        json.WriteStartObject();
        foreach (var (name, slice) in parts)
        {
            json.WriteStartObject(name);
            json.WriteString("pattern", slice.Pattern);
            json.WriteStartObject("axes");
            foreach (var axis in slice.Axes) WriteAxis(json, axis);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteAxis(Utf8JsonWriter json, Axis axis)
    {
        json.WriteStartArray(axis.Name);
        json.WriteNumberValue(axis.Size);
        foreach (var run in RunsOf(axis))
        {
            json.WriteStartArray();
            json.WriteNumberValue(run.Start);
            json.WriteNumberValue(run.Count);
            if (run.Step != 1) json.WriteNumberValue(run.Step);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static ImmutableArray<IndexRun> RunsOf(Axis axis)
    {
        if (HeldIndices.AreAll(axis)) return [];
        var runs = axis.Held.Runs(axis.Size);

        // Without any run it would be read as all of the axis.
        return runs.IsEmpty ? [new IndexRun(0, 0)] : runs;
    }

    private static void WriteNames(Utf8JsonWriter json, IEnumerable<string> names)
    {
        json.WriteStartArray();
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static string Text(JsonElement text) => text.GetString() ?? throw new FormatException("a text is null.");

    private static Axis ReadAxis(JsonProperty axis, ref long room)
    {
        var items = axis.Value.EnumerateArray().ToList();
        var size = items[0].GetInt64();
        var runs = items.Skip(1).Select(ReadRun).ToImmutableArray();
        return new Axis(axis.Name, size, held: runs switch
        {
            [] => AxisShare.All,
            [{ Step: 1 } run] => AxisShare.Range(run.Start, run.Count),
            _ when runs.All(run => run.Count is >= 0 and <= MaxIndices) && (room -= runs.Sum(run => run.Count)) >= 0 => Listed(axis.Name, [.. runs.SelectMany(run => run.Indices())]),
            _ => throw new FormatException($"axis \"{axis.Name}\" has too many indices."),
        });
    }

    private static AxisShare Listed(string axis, ImmutableArray<long> indices) =>
        indices.Distinct().Count() == indices.Length ? AxisShare.List(indices) : throw new FormatException($"axis \"{axis}\" lists an index twice.");

    private static IndexRun ReadRun(JsonElement run) => run.GetArrayLength() is 2 or 3
        ? new IndexRun(run[0].GetInt64(), run[1].GetInt64(), run.GetArrayLength() == 3 ? run[2].GetInt64() : 1)
        : throw new FormatException("a run is not two or three numbers.");

    private static T Read<T>(string? text, string key, Func<JsonElement, T> read)
        where T : new()
    {
        if (text is null) return new T();
        try
        {
            using var document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException or LayoutException)
        {
            throw new FormatException($"\"{key}\" cannot be understood: {e.Message}", e);
        }
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
