using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lanyard.Layouts;

/// <summary>Spells the names of a source's tensors.</summary>
internal static class TensorNames
{
    /// <summary>Every name, in the order of the positions in its holes.</summary>
    public static IEnumerable<string> Of(NamePattern name, AxisTable axes)
    {
        var text = new StringBuilder();
        var spellings = name.Segments.Select(segment => Spellings(segment, axes)).ToArray();
        return Spell(0);

        IEnumerable<string> Spell(int depth)
        {
            if (depth == spellings.Length)
            {
                yield return text.ToString();
                yield break;
            }
            var length = text.Length;
            foreach (var spelling in spellings[depth])
            {
                text.Append(spelling);
                foreach (var spelled in Spell(depth + 1))
                    yield return spelled;
                text.Length = length;
            }
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
