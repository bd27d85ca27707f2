namespace Lanyard.Published;

/// <summary>
/// INT4 as compressed-tensors packs it, with a scale for each row: pack-quantized.
/// Published: compressed-tensors with strategy channel. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.UInt, Bits = 4, Word = 32)]
[Companion("scale", "weight_scale", "1 *")]
[Value("(code - 8) * scale")]
[Unread("weight_shape")]
public static class Int4Channel;
