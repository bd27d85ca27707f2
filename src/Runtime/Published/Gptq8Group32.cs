namespace Lanyard.Published;

/// <summary>
/// GPTQ of 8 bits in groups of 32 rows, version 1: zero points are stored minus one, modulo 256. The files do not tell the versions apart, the configuration does.
/// Values are [in, out].
/// Published: branches of TheBloke/*-GPTQ. Source: GPTQModel 7.7.
/// </summary>
[Codes("qweight", CodeType.UInt, Bits = 8, Word = 32, Axis = -2)]
[Companion("scale", "scales", "32 1", Through = "group")]
[Companion("zero", "qzeros", "32 1", Type = CodeType.UInt, Bits = 8, Word = 32, Through = "group")]
[Companion("group", "g_idx", "1 *", Type = CodeType.Int)]
[Configured("checkpoint_format", "gptq")]
[Value("(code - (zero + 1 & 255)) * scale")]
public static class Gptq8Group32;
