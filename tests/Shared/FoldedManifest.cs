using System.Globalization;
using System.Text.Json;

namespace Lanyard.Tests;

/// <summary>Reads the folded tensor lists of published checkpoints, as the fixtures' README describes them.</summary>
internal static class FoldedManifest
{
    /// <summary>Every tensor of a manifest.</summary>
    /// <exception cref="InvalidDataException">The number of tensors is not the one that the manifest says.</exception>
    public static List<(string Name, string Type, long[] Shape)> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var tensors = new List<(string, string, long[])>();
        foreach (var row in json.RootElement.GetProperty("tensors").EnumerateArray())
        {
            var type = row.GetProperty("dtype").GetString()!;
            long[] shape = [.. row.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            foreach (var name in Names(row.GetProperty("name").GetString()!)) tensors.Add((name, type, shape));
        }
        var count = json.RootElement.GetProperty("count").GetInt32();
        return tensors.Count == count ? tensors : throw new InvalidDataException($"{path} has {tensors.Count} tensors and says {count}.");
    }

    /// <summary>The names that a folded one stands for, the last range fastest.</summary>
    public static IEnumerable<string> Names(string folded)
    {
        var open = folded.IndexOf('{', StringComparison.Ordinal);
        if (open < 0) return [folded];
        var close = folded.IndexOf('}', open);
        return
            from number in folded[(open + 1)..close].Split(',').SelectMany(Numbers)
            from rest in Names(folded[(close + 1)..])
            select string.Create(CultureInfo.InvariantCulture, $"{folded[..open]}{number}{rest}");
    }

    private static IEnumerable<long> Numbers(string range)
    {
        var ends = range.Split("..").Select(end => long.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        var (last, step) = (ends[Math.Min(1, ends.Length - 1)], ends.Length > 2 ? ends[2] : 1);
        for (var number = ends[0]; number <= last; number += step) yield return number;
    }
}
