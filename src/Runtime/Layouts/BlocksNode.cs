using System.Globalization;
using System.Text;

namespace Lanyard.Layouts;

/// <summary>The blocks of a composition, an axis of their own: <c>blocks(hidden, 128)</c>.</summary>
// No positional record: `with` could then change the composition and keep the key of the old one.
public sealed record BlocksNode : ItemNode
{
    /// <summary>Makes the blocks of a composition.</summary>
    /// <param name="composition">What is divided into blocks.</param>
    /// <param name="size">The positions in one block, at least one.</param>
    /// <param name="start">Where it starts, in characters from the start of the text.</param>
    /// <param name="length">How many characters it spans.</param>
    public BlocksNode(CompositionNode composition, long size, int start, int length)
        : base(start, length)
    {
        Composition = composition;
        Size = size;
        var text = new StringBuilder("blocks(");
        composition.WriteParts(text);
        AxisKey = text.Append(", ").Append(size.ToString(CultureInfo.InvariantCulture)).Append(')').ToString();
    }

    /// <summary>What is divided into blocks.</summary>
    public CompositionNode Composition { get; }

    /// <summary>The positions in one block; the last block may have fewer.</summary>
    public long Size { get; }

    /// <inheritdoc/>
    public override string AxisKey { get; }

    internal override void Write(StringBuilder text) => text.Append(AxisKey);
}
