namespace Lanyard.Published;

/// <summary>
/// MXFP4 in I8, with the exponents beside the weight as <c>scale</c>.
/// Published: the routed experts of deepseek-ai/DeepSeek-V4-Flash. Source: OCP Microscaling Formats specification 1.0.
/// </summary>
[Codes("weight", CodeType.E2M1, Bits = 4, Word = 8)]
[Companion("scale", "scale", "1 32", Type = CodeType.Exponent)]
[Value("code * scale")]
public static class Mxfp4DeepSeekV4;
