namespace Lanyard.Encodings.Gguf;

/// <summary>What codes of four bits and scales of eight stand for.</summary>
internal static class CodeTables
{
    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(code => UnsignedE4M3(code) / 2)];

    /// <summary>The values of IQ4: whole numbers, closer together near zero.</summary>
    public static ReadOnlySpan<sbyte> NonLinear => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Twice the values of FP4 E2M1. Here there is no negative zero.</summary>
    public static ReadOnlySpan<sbyte> Fp4Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>Half of the scale of an MXFP4 block: 2^(exponent - 128). All exponents are numbers, 255 too.</summary>
    public static float HalfPower(byte exponent) => BitConverter.UInt32BitsToSingle(exponent < 2 ? 0x00200000u << exponent : (exponent - 1u) << 23);

    /// <summary>Half of the scale of 16 elements in NVFP4.</summary>
    public static float HalfE4M3(byte code) => E4M3[code];

    // Unsigned, so that the highest bit says nothing.
    private static float UnsignedE4M3(int code)
    {
        var (exponent, mantissa) = ((code >> 3) & 15, code & 7);
        return code == 127 ? 0 : exponent == 0 ? mantissa / 512f : (float)Math.ScaleB(8 + mantissa, exponent - 10);
    }
}
