namespace Lanyard.Published;

/// <summary>
/// FP8 with a scale for each block of 128 by 128, which multiplies although it is called inverse.
/// Published: deepseek-ai/DeepSeek-V3, zai-org/GLM-5-FP8, Qwen/Qwen3.5-122B-A10B-FP8. Source: DeepSeek-V3's inference code; transformers 5.23.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "weight_scale_inv", "128 128")]
[Value("code * scale")]
public static class Fp8Block128;
