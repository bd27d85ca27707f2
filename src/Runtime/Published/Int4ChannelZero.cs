namespace Lanyard.Published;

/// <summary>
/// INT4 as compressed-tensors packs it, with a scale for each row, and zero points, packed along rows: pack-quantized, asymmetric.
/// Published: compressed-tensors with strategy channel. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.UInt, Bits = 4, Word = 32)]
[Companion("scale", "weight_scale", "1 *")]
[Companion("zero", "weight_zero_point", "1 *", Type = CodeType.UInt, Bits = 4, Word = 32, Axis = -2)]
[Value("(code - zero) * scale")]
[Unread("weight_shape")]
public static class Int4ChannelZero;
