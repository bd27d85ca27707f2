namespace Lanyard.Published;

/// <summary>
/// FP8 with an exponent for each 128 columns of a row.
/// Published: no example seen. Source: OCP Microscaling Formats specification 1.0 for the exponents.
/// </summary>
[Codes("weight", CodeType.Number)]
[Companion("scale", "weight_scale", "1 128", Type = CodeType.Exponent)]
[Value("code * scale")]
public static class Fp8Row128Exponent;
