using System.Text;

namespace Lanyard.Layouts;

/// <summary>An axis: <c>hidden</c>.</summary>
/// <param name="Name">The name of the axis.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
public sealed record AxisNode(string Name, int Start, int Length) : ItemNode(Start, Length)
{
    /// <inheritdoc/>
    public override string AxisKey => Name;

    internal override void Write(StringBuilder text) => text.Append(Name);
}
