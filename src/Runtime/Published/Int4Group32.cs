namespace Lanyard.Published;

/// <summary>
/// INT4 as compressed-tensors packs it, with a scale for each 32 columns of a row: pack-quantized.
/// Published: moonshotai/Kimi-K2-Thinking and K2.5. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.UInt, Bits = 4, Word = 32)]
[Companion("scale", "weight_scale", "1 32")]
[Value("(code - 8) * scale")]
[Unread("weight_shape")]
public static class Int4Group32;
