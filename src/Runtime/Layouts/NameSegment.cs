namespace Lanyard.Layouts;

/// <summary>A piece of a name: text as it stands, or a hole.</summary>
/// <param name="Start">Where it starts, in characters from the start of the name.</param>
/// <param name="Length">How many characters it spans.</param>
public abstract record NameSegment(int Start, int Length) : LayoutNode(Start, Length);
