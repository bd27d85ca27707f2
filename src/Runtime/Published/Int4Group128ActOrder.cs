namespace Lanyard.Published;

/// <summary>
/// INT4 as compressed-tensors packs it, with a scale for each 128 columns of a row, in the order that <c>weight_g_idx</c> says: pack-quantized.
/// Published: files of compressed-tensors before 0.10 with actorder group. Source: compressed-tensors 0.9.4.
/// </summary>
[Codes("weight_packed", CodeType.UInt, Bits = 4, Word = 32)]
[Companion("scale", "weight_scale", "1 128", Through = "group")]
[Companion("group", "weight_g_idx", "* 1", Type = CodeType.Int)]
[Value("(code - 8) * scale")]
[Unread("weight_shape")]
public static class Int4Group128ActOrder;
