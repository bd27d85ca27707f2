namespace Lanyard.Published;

/// <summary>
/// FP8 of fused experts with a scale for each expert, which multiplies although it is called inverse.
/// Published: Mistral 4, <c>gate_up_proj</c> and <c>gate_up_proj_scale_inv</c>. Source: transformers 5.23.
/// </summary>
[Codes("", CodeType.Number)]
[Companion("scale", "_scale_inv", "1 * *")]
[Value("code * scale")]
public static class Fp8Experts;
