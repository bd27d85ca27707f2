namespace Lanyard.Published;

/// <summary>
/// NVFP4 of fused experts, [experts, out, in]; the second scale is one, or one for each expert.
/// Published: Motif in NVFP4, <c>moe.experts.gate_up_proj</c> and <c>moe.experts.gate_up_proj_weight_scale</c>. Source: ModelOpt 0.47.
/// </summary>
[Codes("", CodeType.E2M1, Bits = 4, Word = 8)]
[Companion("scale", "_weight_scale", "1 16")]
[Companion("scale_2", "_weight_scale_2", "", "1 * *")]
[Value("code * (scale * scale_2)")]
[Unread("_input_scale")]
public static class Nvfp4Experts;
