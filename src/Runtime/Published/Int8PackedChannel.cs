namespace Lanyard.Published;

/// <summary>
/// INT8 as compressed-tensors packs it, with a scale for each row: pack-quantized.
/// Published: w8a16 files of compressed-tensors. Source: compressed-tensors 0.20.
/// </summary>
[Codes("weight_packed", CodeType.UInt, Bits = 8, Word = 32)]
[Companion("scale", "weight_scale", "1 *")]
[Value("(code - 128) * scale")]
[Unread("weight_shape")]
public static class Int8PackedChannel;
