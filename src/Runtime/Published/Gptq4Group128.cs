namespace Lanyard.Published;

/// <summary>
/// GPTQ of 4 bits in groups of 128 rows, version 1: zero points are stored minus one, modulo 16. The files do not tell the versions apart, the configuration does.
/// Values are [in, out].
/// Published: Qwen/Qwen3.5-35B-A3B-GPTQ-Int4, TheBloke/*-GPTQ. Source: GPTQModel 7.7.
/// </summary>
[Codes("qweight", CodeType.UInt, Bits = 4, Word = 32, Axis = -2)]
[Companion("scale", "scales", "128 1", Through = "group")]
[Companion("zero", "qzeros", "128 1", Type = CodeType.UInt, Bits = 4, Word = 32, Through = "group")]
[Companion("group", "g_idx", "1 *", Type = CodeType.Int)]
[Configured("checkpoint_format", "gptq")]
[Value("(code - (zero + 1 & 15)) * scale")]
public static class Gptq4Group128;
