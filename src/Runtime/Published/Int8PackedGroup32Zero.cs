namespace Lanyard.Published;

/// <summary>
/// INT8 as compressed-tensors packs it, with a scale for each 32 columns of a row, and zero points, packed along rows: pack-quantized, asymmetric.
/// Published: files of compressed-tensors, strategy group, w8a16. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.UInt, Bits = 8, Word = 32)]
[Companion("scale", "weight_scale", "1 32")]
[Companion("zero", "weight_zero_point", "1 32", Type = CodeType.UInt, Bits = 8, Word = 32, Axis = -2)]
[Value("(code - zero) * scale")]
[Unread("weight_shape")]
public static class Int8PackedGroup32Zero;
