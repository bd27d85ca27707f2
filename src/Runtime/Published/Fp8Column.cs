namespace Lanyard.Published;

/// <summary>
/// FP8 of fused experts, [experts, in, out], with a scale for each column of an expert, however its axes of one element are stored: fbgemm_fp8.
/// Published: Llama 4's experts in FP8, <c>gate_up_proj</c> and <c>gate_up_proj_scale</c>. Source: fbgemm_fp8 in transformers 5.23.
/// </summary>
[Codes("", CodeType.Number)]
[Companion("scale", "_scale", "* 1 .")]
[Value("code * scale")]
public static class Fp8Column;
