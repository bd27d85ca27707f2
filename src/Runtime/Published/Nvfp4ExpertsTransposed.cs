namespace Lanyard.Published;

/// <summary>
/// NVFP4 of fused experts, [experts, in, out], packed along their middle axis; the second scale is one, or one for each expert.
/// Published: nvidia/Llama-4-Scout-17B-16E-Instruct-NVFP4, <c>gate_up_proj</c> and <c>gate_up_proj_weight_scale</c>; gpt-oss in NVFP4. Source: ModelOpt 0.47.
/// </summary>
[Codes("", CodeType.E2M1, Bits = 4, Word = 8, Axis = -2)]
[Companion("scale", "_weight_scale", "16 1")]
[Companion("scale_2", "_weight_scale_2", "", "1 * *")]
[Value("code * (scale * scale_2)")]
[Unread("_input_scale")]
public static class Nvfp4ExpertsTransposed;
