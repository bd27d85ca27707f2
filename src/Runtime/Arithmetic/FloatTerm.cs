namespace Lanyard.Arithmetic;

/// <summary>A number in float32: <c>0.5</c>, <c>1e-3</c>.</summary>
/// <param name="Value">The number.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
internal sealed record FloatTerm(float Value, int Start, int Length) : ValueTerm(Start, Length);
