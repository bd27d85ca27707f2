using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Lanyard.Checkpoints;

namespace Lanyard.Encodings.Gguf;

/// <summary>
/// What each element of a block of GGUF is, one by one: the definition, and what is done where there are no vectors. Products are exact in
/// float32; the only rounding is in the one sum or difference. They are taken in this order, which the sign of zero depends on.
/// </summary>
internal static class GgufValues
{
    /// <summary>Decodes whole blocks.</summary>
    /// <inheritdoc cref="GgufBlocks.Decode"/>
    public static void Decode<T>(CheckpointType type, ReadOnlySpan<byte> blocks, Span<T> values) where T : unmanaged
    {
        var (bytes, elements) = (type.BlockBytes(), type.BlockElements());
        for (var i = 0; i < values.Length; i++)
        {
            var value = Of(type, blocks.Slice(i / elements * bytes, bytes), i % elements);
            if (typeof(T) == typeof(float)) Unsafe.As<T, float>(ref values[i]) = value;
            else Unsafe.As<T, ushort>(ref values[i]) = SixteenValues.Rounded(value);
        }
    }

    /// <summary>An element.</summary>
    /// <param name="type">The type of the block.</param>
    /// <param name="b">The block.</param>
    /// <param name="i">The place of the element.</param>
    public static float Of(CheckpointType type, ReadOnlySpan<byte> b, int i) => type switch
    {
        CheckpointType.Q8_0 => Half(b, 0) * (sbyte)b[2 + i],
        CheckpointType.Q4_0 => Half(b, 0) * (Nibble(b[2..], i) - 8),
        CheckpointType.Q4_1 => (Half(b, 0) * Nibble(b[4..], i)) + Half(b, 2),
        CheckpointType.Q5_0 => Half(b, 0) * (Nibble(b[6..], i) + (16 * Bit(b[2..], i)) - 16),
        CheckpointType.Q5_1 => (Half(b, 0) * (Nibble(b[8..], i) + (16 * Bit(b[4..], i)))) + Half(b, 2),
        CheckpointType.IQ4_NL => Half(b, 0) * CodeTables.NonLinear[Nibble(b[2..], i)],
        CheckpointType.MXFP4 => CodeTables.HalfPower(b[0]) * CodeTables.Fp4Doubled[Nibble(b[1..], i)],
        CheckpointType.NVFP4 => CodeTables.HalfE4M3(b[i / 16]) * CodeTables.Fp4Doubled[(b[4 + (i / 16 * 8) + (i % 8)] >> (i % 16 / 8 * 4)) & 15],
        CheckpointType.Q2_K => (Half(b, 80) * (b[i / 16] & 15) * Pair(b[16..], i)) - (Half(b, 82) * (b[i / 16] >> 4)),
        CheckpointType.Q3_K => Half(b, 108) * (SuperBlocks.Q3Scale(b[96..], i / 16) - 32) * (Pair(b[32..], i) - (((b[i % 32] >> (i / 32)) & 1) == 0 ? 4 : 0)),
        CheckpointType.Q4_K => (Half(b, 0) * Scale(b, i) * Half32(b[16..], i)) - (Half(b, 2) * Minimum(b, i)),
        CheckpointType.Q5_K => (Half(b, 0) * Scale(b, i) * (Half32(b[48..], i) + (16 * ((b[16 + (i % 32)] >> (i / 32)) & 1)))) - (Half(b, 2) * Minimum(b, i)),
        CheckpointType.Q6_K => Half(b, 208) * (sbyte)b[192 + (i / 16)] * (((b[(i / 128 * 64) + (i % 64)] >> (i % 128 / 64 * 4)) & 15) + (16 * Pair(b[128..], i)) - 32),
        CheckpointType.IQ4_XS => Half(b, 0) * (TableBlocks.XsScale(b, i / 32) - 32) * CodeTables.NonLinear[(b[8 + (i / 32 * 16) + (i % 16)] >> (i % 32 / 16 * 4)) & 15],
        CheckpointType.TQ1_0 => Half(b, 52) * (Trit(b, i) - 1),
        CheckpointType.TQ2_0 => Half(b, 64) * (Pair(b, i) - 1),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static float Half(ReadOnlySpan<byte> b, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(b[at..]);

    private static int Nibble(ReadOnlySpan<byte> b, int i) => (b[i % 16] >> (i / 16 * 4)) & 15;

    private static int Bit(ReadOnlySpan<byte> b, int i) => (b[i / 8] >> (i % 8)) & 1;

    private static int Pair(ReadOnlySpan<byte> b, int i) => (b[(i / 128 * 32) + (i % 32)] >> (i % 128 / 32 * 2)) & 3;

    private static int Half32(ReadOnlySpan<byte> b, int i) => (b[(i / 64 * 32) + (i % 32)] >> (i / 32 % 2 * 4)) & 15;

    private static int Scale(ReadOnlySpan<byte> b, int i) => SuperBlocks.Scale(b[4..], i / 32);

    private static int Minimum(ReadOnlySpan<byte> b, int i) => SuperBlocks.Minimum(b[4..], i / 32);

    private static int Trit(ReadOnlySpan<byte> b, int i)
    {
        var (at, turn) = i < 160 ? (i % 32, i / 32) : i < 240 ? (32 + (i % 16), (i - 160) / 16) : (48 + (i % 4), (i - 240) / 4);
        var code = b[at];
        for (; turn > 0; turn--) code *= 3;
        return code * 3 >> 8;
    }
}
