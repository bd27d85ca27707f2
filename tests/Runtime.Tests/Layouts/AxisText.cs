using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>
/// Reads axes from one line: <c>experts = 4 holds 2..3, proj = gate/up, hidden = 5</c>. What is held is a row of indices and
/// ranges; a range that reaches past the end is padded.
/// </summary>
internal static class AxisText
{
    public static ImmutableArray<Axis> Parse(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(One)];

    private static Axis One(string text)
    {
        var (name, rest) = Halves(text, " = ");
        var (size, held) = rest.Contains(" holds ", StringComparison.Ordinal) ? Halves(rest, " holds ") : (rest, null);
        if (long.TryParse(size, CultureInfo.InvariantCulture, out var count))
            return new Axis(name, count, held: held is null ? null : Share(held, count));
        ImmutableArray<string> labels = [.. size.Split('/')];
        return new Axis(name, labels.Length, labels, held is null ? null : Share(held, labels.Length));
    }

    private static AxisShare Share(string text, long size)
    {
        var indices = Numbers(text);
        return indices[^1] >= size ? AxisShare.PaddedRange(indices[0], indices.Length) : AxisShare.List(indices);
    }

    /// <summary>Numbers and ranges, both ends included: <c>0..2 6</c>.</summary>
    public static ImmutableArray<long> Numbers(string text) =>
        [.. text.Split(' ').SelectMany(static word =>
        {
            var ends = word.Split("..").Select(static end => long.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Range(0, (int)(ends[^1] - ends[0]) + 1).Select(i => ends[0] + i);
        })];

    private static (string Left, string Right) Halves(string text, string separator)
    {
        var halves = text.Split(separator);
        Assert.True(halves.Length == 2, $"Expected \"{separator}\" once in \"{text}\".");
        return (halves[0], halves[1]);
    }
}
