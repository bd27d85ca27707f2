namespace Lanyard.Published;

/// <summary>
/// NF4 of bitsandbytes, without double quantisation: the flattened values in blocks of 64, the high half of a byte first.
/// Published: unsloth/*-bnb-4bit without double quantisation. Source: bitsandbytes 0.50.
/// </summary>
[Codes("weight", CodeType.UInt, Bits = 4, Word = 8, Order = [1, 0], Flat = true)]
[Companion("table", "weight.quant_map")]
[Companion("absmax", "weight.absmax", "64")]
[Value("table[code] * absmax")]
[Unread("weight.quant_state.bitsandbytes__nf4")]
public static class Nf4;
