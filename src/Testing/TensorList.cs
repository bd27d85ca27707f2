using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lanyard.Checkpoints;

namespace Lanyard.Testing;

/// <summary>Reads lists of tensors: names, types and shapes of a checkpoint that is not here.</summary>
public static class TensorList
{
    /// <summary>
    /// Reads a list in JSON: the header of a safetensors file as it is, <c>{"name": {"dtype": "BF16", "shape": [64]}}</c>, or a folded one,
    /// <c>{"count": 48, "tensors": [{"name": "layers.{0..47}.norm.weight", "dtype": "BF16", "shape": [64]}]}</c>, where <c>{0..4}</c>, <c>{0..6..2}</c>
    /// and <c>{1,3}</c> stand for numbers.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors, without files and places, as <see cref="LoadPlan.Check"/> takes them.</returns>
    /// <exception cref="FormatException">It is no such list.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImmutableArray<CheckpointTensor> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.TryGetProperty("tensors", out var rows) && rows.ValueKind == JsonValueKind.Array ? Folded(json.RootElement, rows) : Header(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new FormatException($"{path} is no list of tensors: {e.Message}", e);
        }
    }

    private static ImmutableArray<CheckpointTensor> Header(JsonElement root) =>
        [.. root.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").Select(tensor => Tensor(tensor.Name, tensor.Value))];

    private static ImmutableArray<CheckpointTensor> Folded(JsonElement root, JsonElement rows)
    {
        ImmutableArray<CheckpointTensor> tensors = [.. rows.EnumerateArray().SelectMany(row => Names(row.GetProperty("name").GetString()!).Select(name => Tensor(name, row)))];
        if (root.TryGetProperty("count", out var count) && count.GetInt32() != tensors.Length) throw new FormatException($"it has {tensors.Length} tensors and says {count.GetInt32()}.");
        return tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(names => names.Count() > 1) is { } twice ? throw new FormatException($"{twice.Key} is in it twice.") : tensors;
    }

    private static CheckpointTensor Tensor(string name, JsonElement element)
    {
        var text = element.GetProperty("dtype").GetString();
        if (!CheckpointTypes.TryParse(text, out var type)) throw new FormatException($"{name} is of {text}, which is no element type.");
        ImmutableArray<long> shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        var elements = shape.Aggregate(1L, static (count, size) => checked(count * size));
        return new CheckpointTensor { Name = name, DType = type, Shape = shape, File = "", Offset = 0, Length = checked(elements * type.BlockBytes() / type.BlockElements()) };
    }

    /// <summary>The names that a folded one stands for, the last range fastest.</summary>
    private static IEnumerable<string> Names(string folded)
    {
        var open = folded.IndexOf('{', StringComparison.Ordinal);
        if (open < 0) return [folded];
        var close = folded.IndexOf('}', open);
        if (close < 0) throw new FormatException($"{folded} opens a brace and does not close it.");
        return
            from number in folded[(open + 1)..close].Split(',').SelectMany(Numbers)
            from rest in Names(folded[(close + 1)..])
            select string.Create(CultureInfo.InvariantCulture, $"{folded[..open]}{number}{rest}");
    }

    private static IEnumerable<long> Numbers(string range)
    {
        var ends = range.Split("..").Select(end => long.Parse(end, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        var (last, step) = (ends[Math.Min(1, ends.Length - 1)], ends.Length > 2 ? ends[2] : 1);
        if (step == 0) throw new FormatException($"{range} has a step of zero.");
        for (var number = ends[0]; number <= last; number += step) yield return number;
    }
}
