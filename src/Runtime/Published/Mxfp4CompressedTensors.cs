namespace Lanyard.Published;

/// <summary>
/// MXFP4 as compressed-tensors stores it: mxfp4-pack-quantized.
/// Published: moonshotai/Kimi-K3. Source: OCP Microscaling Formats specification 1.0; compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.E2M1, Bits = 4, Word = 8)]
[Companion("scale", "weight_scale", "1 32", Type = CodeType.Exponent)]
[Value("code * scale")]
public static class Mxfp4CompressedTensors;
