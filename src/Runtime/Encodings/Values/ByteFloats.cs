using Lanyard.Checkpoints;

namespace Lanyard.Encodings.Values;

/// <summary>What floats of up to eight bits stand for: a float32 for each code.</summary>
internal static class ByteFloats
{
    /// <summary>A sign, two bits of exponent and one of mantissa.</summary>
    public static readonly float[] E2M1 = [.. Enumerable.Range(0, 256).Select(static code => (code & 8) == 0 ? Fp4(code & 7) : -Fp4(code & 7))];

    /// <summary>An exponent without sign and mantissa.</summary>
    public static readonly float[] Exponent = [.. Enumerable.Range(0, 255).Select(static code => (float)Math.ScaleB(1, code - 127)), float.NaN];

    /// <summary>A sign, four bits of exponent and three of mantissa.</summary>
    public static readonly float[] E4M3 = Table(3, 7, static code => code == 0x7F ? float.NaN : null);
    private static readonly float[] E5M2 = Table(2, 15, static code => code == 0x7C ? float.PositiveInfinity : code > 0x7C ? float.NaN : null);
    private static readonly float[] E4M3Fnuz = Fnuz(Table(3, 8, static _ => null));
    private static readonly float[] E5M2Fnuz = Fnuz(Table(2, 16, static _ => null));

    /// <summary>The table of a type, or null where it has none.</summary>
    public static float[]? Of(CheckpointType type) => type switch
    {
        CheckpointType.F8_E4M3 => E4M3,
        CheckpointType.F8_E5M2 => E5M2,
        CheckpointType.F8_E8M0 => Exponent,
        CheckpointType.F8_E4M3FNUZ => E4M3Fnuz,
        CheckpointType.F8_E5M2FNUZ => E5M2Fnuz,
        _ => null,
    };

    private static float Fp4(int code) => code < 2 ? code * 0.5f : (2 + (code & 1)) * (1 << (code >> 1)) * 0.25f;

    private static float[] Table(int mantissa, int bias, Func<int, float?> special) =>
    [
        .. Enumerable.Range(0, 256).Select(code =>
        {
            var (exponent, fraction) = ((code & 127) >> mantissa, code & ((1 << mantissa) - 1));
            var magnitude = special(code & 127) ?? (float)Math.ScaleB(exponent == 0 ? fraction : fraction + (1 << mantissa), Math.Max(exponent, 1) - bias - mantissa);
            return code < 128 ? magnitude : -magnitude;
        }),
    ];

    // No number is where the other types have the negative zero.
    private static float[] Fnuz(float[] table)
    {
        table[128] = float.NaN;
        return table;
    }
}
