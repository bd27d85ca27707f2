namespace Lanyard;

/// <summary>A pattern of checkpoint tensors that a module leaves alone.</summary>
/// <param name="Pattern">The pattern of names below the module.</param>
/// <param name="Optional">Whether a checkpoint may do without such tensors.</param>
/// <param name="Conditional">Whether an instance is asked if it does.</param>
/// <param name="Numbered">Whether an instance is asked for the numbers that <c>{}</c> in the pattern stands for.</param>
public sealed record IgnoreEntry(string Pattern, bool Optional = false, bool Conditional = false, bool Numbered = false);
