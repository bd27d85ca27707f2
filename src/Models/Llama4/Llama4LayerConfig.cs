namespace Lanyard.Models.Llama4;

/// <summary>What distinguishes one decoder layer from another.</summary>
/// <param name="UsesRope">Whether queries and keys are rotated by position; if not, the attention's temperature is tuned instead.</param>
/// <param name="IsChunked">Whether a token sees only the tokens of its own chunk; if not, all tokens before it.</param>
/// <param name="IsMoe">Whether the feed-forward block is a mixture of experts; if not, it is one dense block.</param>
public readonly record struct Llama4LayerConfig(bool UsesRope, bool IsChunked, bool IsMoe);
