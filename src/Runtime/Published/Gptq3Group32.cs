namespace Lanyard.Published;

/// <summary>
/// GPTQ of 3 bits in groups of 32 rows, version 1: zero points are stored minus one, modulo 8. The files do not tell the versions apart, the configuration does.
/// Values are [in, out].
/// Published: files of AutoGPTQ with 3 bits. Source: GPTQModel 7.7.
/// </summary>
[Codes("qweight", CodeType.UInt, Bits = 3, Word = 32, Axis = -2)]
[Companion("scale", "scales", "32 1", Through = "group")]
[Companion("zero", "qzeros", "32 1", Type = CodeType.UInt, Bits = 3, Word = 32, Through = "group")]
[Companion("group", "g_idx", "1 *", Type = CodeType.Int)]
[Configured("checkpoint_format", "gptq")]
[Value("(code - (zero + 1 & 7)) * scale")]
public static class Gptq3Group32;
