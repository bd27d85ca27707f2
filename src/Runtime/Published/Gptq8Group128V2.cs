namespace Lanyard.Published;

/// <summary>
/// GPTQ of 8 bits in groups of 128 rows, version 2: zero points are stored as they are. The files do not tell the versions apart, the configuration does.
/// Values are [in, out].
/// Published: files of GPTQModel whose <c>checkpoint_format</c> is gptq_v2. Source: GPTQModel 7.7.
/// </summary>
[Codes("qweight", CodeType.UInt, Bits = 8, Word = 32, Axis = -2)]
[Companion("scale", "scales", "128 1", Through = "group")]
[Companion("zero", "qzeros", "128 1", Type = CodeType.UInt, Bits = 8, Word = 32, Through = "group")]
[Companion("group", "g_idx", "1 *", Type = CodeType.Int)]
[Configured("checkpoint_format", "gptq_v2")]
[Value("(code - zero) * scale")]
public static class Gptq8Group128V2;
