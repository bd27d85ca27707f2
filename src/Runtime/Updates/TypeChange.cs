namespace Lanyard;

/// <summary>A tensor of another type than the parameter that it was written to.</summary>
/// <param name="Tensor">Its full name.</param>
/// <param name="From">The type that was stored, as checkpoints spell it.</param>
/// <param name="To">The type of the parameter.</param>
public sealed record TypeChange(string Tensor, string From, string To);
