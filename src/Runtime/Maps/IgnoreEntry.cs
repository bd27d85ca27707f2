namespace Lanyard;

/// <summary>A pattern of checkpoint tensors that a model leaves alone.</summary>
/// <param name="Pattern">The pattern of full names.</param>
/// <param name="Optional">Whether a checkpoint may do without such tensors.</param>
public sealed record IgnoreEntry(string Pattern, bool Optional = false);
