namespace Lanyard;

/// <summary>A part of a parameter that nothing stored fills.</summary>
/// <param name="Part">The part, as <see cref="ConstantAttribute"/> spells it.</param>
/// <param name="Value">The value of each of its elements.</param>
/// <param name="Format">The format beside whose sources it is one, or null for all.</param>
public sealed record ParameterConstant(string Part, double Value, string? Format = null);
