namespace Lanyard.Published;

/// <summary>
/// INT8 with a scale and a zero point for each row or for the tensor: int-quantized, asymmetric.
/// Published: w8a8 files of compressed-tensors. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight", CodeType.Int)]
[Companion("scale", "weight_scale", "", "1 *")]
[Companion("zero", "weight_zero_point", "", "1 *", Type = CodeType.Int)]
[Value("(code - zero) * scale")]
[Unread("input_scale")]
[Unread("input_zero_point")]
public static class Int8Zero;
