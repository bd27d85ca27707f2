namespace Lanyard.Published;

/// <summary>
/// INT8 with a scale for each row or for the tensor: int-quantized.
/// Published: RedHatAI/*-quantized.w8a8. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight", CodeType.Int)]
[Companion("scale", "weight_scale", "", "1 *")]
[Value("code * scale")]
[Unread("input_scale")]
[Unread("input_zero_point")]
public static class Int8;
