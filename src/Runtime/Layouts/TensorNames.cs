using System.Collections.Immutable;
using System.Globalization;

namespace Lanyard.Layouts;

/// <summary>Spells the names of a source's tensors.</summary>
internal static class TensorNames
{
    /// <summary>Every name, in the order of the positions in its holes.</summary>
    public static IEnumerable<string> Of(NamePattern name, AxisTable axes)
    {
        // A digit for each segment, the last the fastest: experts are many, and an enumerator for each depth took as much memory as the names.
        var spellings = name.Segments.Select(segment => Spellings(segment, axes)).ToArray();
        if (spellings.Any(static spelling => spelling.IsEmpty)) yield break;
        var (digits, parts) = (new int[spellings.Length], new string[spellings.Length]);
        for (var i = 0; i < parts.Length; i++) parts[i] = spellings[i][0];
        while (true)
        {
            yield return string.Concat(parts);
            var at = spellings.Length - 1;
            for (; at >= 0 && ++digits[at] == spellings[at].Length; at--)
            {
                digits[at] = 0;
                parts[at] = spellings[at][0];
            }
            if (at < 0) yield break;
            parts[at] = spellings[at][digits[at]];
        }
    }

    private static ImmutableArray<string> Spellings(NameSegment segment, AxisTable axes)
    {
        if (segment is not HoleSegment hole)
            return [segment.ToString()];
        if (hole is { Axis: { } axis, Shift: null } && axes.Labels(axis) is { IsEmpty: false } labels)
            return labels;
        var spellings = ImmutableArray.CreateBuilder<string>();
        var shift = hole.Shift ?? 0;
        // Full, not Held: tensors of other ranks belong to the parameter, too, and are not unexpected here.
        for (var i = 0L; i < Extents.Of(hole.Composition, axes.Full); i++)
            spellings.Add((i + shift).ToString(CultureInfo.InvariantCulture));
        return spellings.ToImmutable();
    }
}
