namespace Lanyard.Arithmetic;

/// <summary>An element of a table: <c>table[code]</c>.</summary>
/// <param name="Name">The name of the table.</param>
/// <param name="Index">Which element, counted from zero.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
internal sealed record TableTerm(string Name, ValueTerm Index, int Start, int Length) : ValueTerm(Start, Length)
{
    /// <inheritdoc/>
    public override IEnumerable<ValueTerm> Parts => [Index];
}
