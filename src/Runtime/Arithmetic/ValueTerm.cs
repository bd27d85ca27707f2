namespace Lanyard.Arithmetic;

/// <summary>A piece of a value's expression, with its place in the text.</summary>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
internal abstract record ValueTerm(int Start, int Length)
{
    /// <summary>The pieces that it is made of.</summary>
    public virtual IEnumerable<ValueTerm> Parts => [];

    /// <summary>The piece itself, its parts, theirs and so on, in the order of the text.</summary>
    public IEnumerable<ValueTerm> All => new[] { this }.Concat(Parts.SelectMany(static part => part.All));
}
