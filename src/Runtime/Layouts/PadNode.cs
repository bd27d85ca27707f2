using System.Globalization;
using System.Text;

namespace Lanyard.Layouts;

/// <summary>A composition whose extent on this rank is rounded up: <c>pad(hidden, 128)</c>.</summary>
/// <param name="Composition">What is rounded up.</param>
/// <param name="Multiple">To a multiple of this, at least one.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
public sealed record PadNode(CompositionNode Composition, long Multiple, int Start, int Length) : ItemNode(Start, Length)
{
    internal override void Write(StringBuilder text)
    {
        text.Append("pad(");
        Composition.WriteParts(text);
        text.Append(", ").Append(Multiple.ToString(CultureInfo.InvariantCulture)).Append(')');
    }
}
