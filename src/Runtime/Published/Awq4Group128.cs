namespace Lanyard.Published;

/// <summary>
/// AWQ of 4 bits in groups of 128 rows, gemm: codes and zero points packed along columns, of eight those at 0 2 4 6 1 3 5 7 from the lowest bits up.
/// Values are [in, out].
/// Published: QuantTrio/*-AWQ, casperhansen/*-awq. Source: AutoAWQ 0.2.9.
/// </summary>
[Codes("qweight", CodeType.UInt, Bits = 4, Word = 32, Order = [0, 4, 1, 5, 2, 6, 3, 7])]
[Companion("scale", "scales", "128 1")]
[Companion("zero", "qzeros", "128 1", Type = CodeType.UInt, Bits = 4, Word = 32, Order = [0, 4, 1, 5, 2, 6, 3, 7])]
[Configured("version", "gemm")]
[Value("(code - zero) * scale")]
public static class Awq4Group128;
