namespace Lanyard.Published;

/// <summary>
/// FP8 of fused experts with a scale for each block of 128 by 128 of an expert, which multiplies although it is called inverse.
/// Published: what transformers saves of fused experts, <c>gate_up_proj</c> and <c>gate_up_proj_scale_inv</c>. Source: transformers 5.23.
/// </summary>
[Codes("", CodeType.Number)]
[Companion("scale", "_scale_inv", "128 128")]
[Value("code * scale")]
public static class Fp8Block128Experts;
