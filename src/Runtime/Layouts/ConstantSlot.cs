namespace Lanyard.Layouts;

/// <summary>A region of a parameter that a constant fills.</summary>
/// <param name="Value">The value of each element.</param>
/// <param name="Region">The region; of the numbers of a slot those of the parameter alone mean anything.</param>
public sealed record ConstantSlot(double Value, LayoutSlot Region);
