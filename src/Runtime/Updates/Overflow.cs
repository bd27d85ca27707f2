namespace Lanyard;

/// <summary>A tensor with finite values that the narrower type of its parameter does not reach, so that they are infinite there.</summary>
/// <param name="Tensor">Its full name.</param>
/// <param name="Elements">How many, on this rank.</param>
public sealed record Overflow(string Tensor, long Elements);
