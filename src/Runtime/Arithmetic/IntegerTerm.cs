namespace Lanyard.Arithmetic;

/// <summary>A whole number: <c>8</c>.</summary>
/// <param name="Value">The number.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
internal sealed record IntegerTerm(long Value, int Start, int Length) : ValueTerm(Start, Length);
