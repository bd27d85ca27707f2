using System.Text;

namespace Lanyard.Layouts;

/// <summary>Text that stands in a name as it is.</summary>
/// <param name="Value">The text.</param>
/// <param name="Start">Where it starts, in characters from the start of the name.</param>
/// <param name="Length">How many characters it spans.</param>
public sealed record TextSegment(string Value, int Start, int Length) : NameSegment(Start, Length)
{
    internal override void Write(StringBuilder text) => text.Append(Value);
}
