namespace Lanyard.Published;

/// <summary>
/// FP8 with an exponent for each block of 128 by 128, beside the weight as <c>scale</c>.
/// Published: deepseek-ai/DeepSeek-V4-Flash. Source: OCP Microscaling Formats specification 1.0 for the exponents; blocks as in DeepSeek-V3's inference code.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "scale", "128 128", Type = CodeType.Exponent)]
[Value("code * scale")]
public static class Fp8Block128DeepSeekV4;
