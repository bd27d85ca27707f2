using System.Globalization;
using System.Text;

namespace Lanyard.Layouts;

/// <summary>A hole in a name: a dimension that is spelled instead of stored.</summary>
/// <param name="Composition">What the hole counts.</param>
/// <param name="Shift">What is added to the index before it is spelled, or null if nothing is.</param>
/// <param name="Start">Where it starts, in characters from the start of the name.</param>
/// <param name="Length">How many characters it spans, its braces included.</param>
public sealed record HoleSegment(CompositionNode Composition, long? Shift, int Start, int Length) : NameSegment(Start, Length)
{
    /// <summary>The one axis that the hole enumerates and that its labels may spell; null if it counts anything else.</summary>
    public AxisNode? Axis =>
        Composition.Parts.Length == 1 && Composition.Parts[0].Items is [AxisNode axis] ? axis : null;

    internal override void Write(StringBuilder text)
    {
        text.Append('{');
        Composition.WriteParts(text);
        if (Shift is { } shift)
            text.Append(shift < 0 ? " - " : " + ").Append(Math.Abs(shift).ToString(CultureInfo.InvariantCulture));
        text.Append('}');
    }
}
