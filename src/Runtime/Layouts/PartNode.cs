using System.Collections.Immutable;
using System.Text;

namespace Lanyard.Layouts;

/// <summary>One part of a composition: items, slowest first, perhaps under a tag: <c>q: heads dim</c>.</summary>
/// <param name="Tag">The tag of the part, or null.</param>
/// <param name="Items">Its items.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
public sealed record PartNode(string? Tag, ImmutableArray<ItemNode> Items, int Start, int Length) : LayoutNode(Start, Length)
{
    /// <summary>Two parts are equal when tag, items and place are.</summary>
    public bool Equals(PartNode? other) => base.Equals(other) && Tag == other!.Tag && Sequences.Same(Items, other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Sequences.Hash(Items, base.GetHashCode());

    internal override void Write(StringBuilder text)
    {
        if (Tag is not null)
            text.Append(Tag).Append(": ");
        Pattern.WriteItems(text, Items);
    }
}
