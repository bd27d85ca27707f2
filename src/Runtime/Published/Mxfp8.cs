namespace Lanyard.Published;

/// <summary>
/// MXFP8 with the exponents as <c>weight_scale</c>, U8 or F8_E8M0.
/// Published: no example seen; torchao writes it. Source: OCP Microscaling Formats specification 1.0.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "weight_scale", "1 32", Type = CodeType.Exponent)]
[Value("code * scale")]
public static class Mxfp8;
