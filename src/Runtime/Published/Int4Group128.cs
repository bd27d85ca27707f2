namespace Lanyard.Published;

/// <summary>
/// INT4 as compressed-tensors packs it, with a scale for each 128 columns of a row: pack-quantized.
/// Published: RedHatAI/*-quantized.w4a16. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.UInt, Bits = 4, Word = 32)]
[Companion("scale", "weight_scale", "1 128")]
[Value("(code - 8) * scale")]
[Unread("weight_shape")]
public static class Int4Group128;
