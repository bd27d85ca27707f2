using System.Collections.Immutable;
using System.Text;

namespace Lanyard.Layouts;

/// <summary>Parts, one after another: <c>(q: heads dim + k: kv dim)</c>. One part alone joins its items row-major.</summary>
/// <param name="Parts">The parts, at least one.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans, its parentheses included if it has its own.</param>
public sealed record CompositionNode(ImmutableArray<PartNode> Parts, int Start, int Length) : ItemNode(Start, Length)
{
    /// <summary>Two compositions are equal when parts and place are.</summary>
    public bool Equals(CompositionNode? other) => base.Equals(other) && Sequences.Same(Parts, other!.Parts);

    /// <inheritdoc/>
    public override int GetHashCode() => Sequences.Hash(Parts, base.GetHashCode());

    internal override void Write(StringBuilder text)
    {
        text.Append('(');
        WriteParts(text);
        text.Append(')');
    }

    internal void WriteParts(StringBuilder text)
    {
        for (var i = 0; i < Parts.Length; i++)
        {
            if (i > 0)
                text.Append(" + ");
            Parts[i].Write(text);
        }
    }
}
