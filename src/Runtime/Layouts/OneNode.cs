using System.Text;

namespace Lanyard.Layouts;

/// <summary>A position that no axis tells apart: <c>1</c>.</summary>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
public sealed record OneNode(int Start, int Length) : ItemNode(Start, Length)
{
    internal override void Write(StringBuilder text) => text.Append('1');
}
