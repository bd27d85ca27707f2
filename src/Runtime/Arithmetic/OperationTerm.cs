namespace Lanyard.Arithmetic;

/// <summary>An operation: <c>code * scale</c>.</summary>
/// <param name="Operator">One of <c>+ - * / &amp;</c>.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
internal sealed record OperationTerm(char Operator, ValueTerm Left, ValueTerm Right, int Start, int Length) : ValueTerm(Start, Length)
{
    /// <inheritdoc/>
    public override IEnumerable<ValueTerm> Parts => [Left, Right];
}
