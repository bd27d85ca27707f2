namespace Lanyard.Layouts;

/// <summary>An item of a pattern: something that has an extent, as a dimension of its own or inside a composition.</summary>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
public abstract record ItemNode(int Start, int Length) : LayoutNode(Start, Length)
{
    /// <summary>
    /// The axis that this item is, or null if it is made of others. An axis is known by its name; blocks are an axis of
    /// their own, known by their canonical text.
    /// </summary>
    public virtual string? AxisKey => null;
}
