namespace Lanyard.Layouts;

/// <summary>One thing wrong with a layout: what it is, and where in which text.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Message">A sentence that says what was expected and what was found.</param>
/// <param name="Position">Where in the text the error lies, counted in characters from its start.</param>
/// <param name="Length">How many characters it spans; zero at the end of the text.</param>
/// <param name="SourceIndex">The source whose text it is, or -1 for the parameter's pattern. Constants are counted after the sources.</param>
/// <param name="InName">Whether the text is the source's name instead of its pattern.</param>
/// <param name="InRepeat">Whether the text is the axes over which the source is repeated, instead of its pattern.</param>
public sealed record LayoutError(
    LayoutErrorKind Kind,
    string Message,
    int Position,
    int Length = 0,
    int SourceIndex = LayoutError.Parameter,
    bool InName = false,
    bool InRepeat = false)
{
    /// <summary>The <see cref="SourceIndex"/> of an error in the parameter's pattern.</summary>
    public const int Parameter = -1;

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
