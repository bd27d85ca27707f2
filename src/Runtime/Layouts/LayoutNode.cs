using System.Text;

namespace Lanyard.Layouts;

/// <summary>A piece of a pattern or of a name, with its place in the text.</summary>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
public abstract record LayoutNode(int Start, int Length)
{
    /// <summary>The canonical text: one space where one is needed, none elsewhere.</summary>
    // Sealed: otherwise the compiler writes a ToString of its own into each record that derives from this one.
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    internal abstract void Write(StringBuilder text);
}
