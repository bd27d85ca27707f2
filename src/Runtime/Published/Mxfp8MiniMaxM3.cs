namespace Lanyard.Published;

/// <summary>
/// MXFP8 with the exponents as <c>weight_scale_inv</c>, U8.
/// Published: MiniMaxAI/MiniMax-M3 in MXFP8. Source: OCP Microscaling Formats specification 1.0; transformers 5.23.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "weight_scale_inv", "1 32", Type = CodeType.Exponent)]
[Value("code * scale")]
public static class Mxfp8MiniMaxM3;
