namespace Lanyard.Published;

/// <summary>
/// NF4 of bitsandbytes with double quantisation: the flattened values in blocks of 64, whose largest are codes of 8 bits themselves, in blocks of 256.
/// Published: unsloth/*-bnb-4bit. Source: bitsandbytes 0.50.
/// </summary>
[Codes("weight", CodeType.UInt, Bits = 4, Word = 8, Order = [1, 0], Flat = true)]
[Companion("table", "weight.quant_map")]
[Companion("absmax", "weight.absmax", "64", Type = CodeType.UInt)]
[Companion("nested_table", "weight.nested_quant_map")]
[Companion("nested", "weight.nested_absmax", "16384")]
[Companion("offset", "weight.quant_state.bitsandbytes__nf4", Type = CodeType.Json, Field = "nested_offset")]
[Value("table[code] * (nested_table[absmax] * nested + offset)")]
public static class Nf4Nested;
