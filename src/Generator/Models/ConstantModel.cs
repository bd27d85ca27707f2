namespace Lanyard.Generator.Models;

/// <summary>A part of a parameter that nothing stored fills.</summary>
/// <param name="Part">The part.</param>
/// <param name="Value">The value of each of its elements.</param>
/// <param name="Format">The format beside whose sources it is one, or null for all.</param>
public sealed record ConstantModel(string Part, double Value, string? Format);
