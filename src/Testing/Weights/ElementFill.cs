using System.Runtime.InteropServices;
using Lanyard.Checkpoints;

namespace Lanyard.Testing.Weights;

/// <summary>Random elements of every type, of which each stands for a finite number, so that no bits of a test depend on how a machine handles others.</summary>
internal static class ElementFill
{
    /// <summary>Fills bytes with elements of any sign between 2^-8 and 2.</summary>
    public static void Values(Span<byte> bytes, CheckpointType type, Random random) => Floats(bytes, type, random, isSigned: true, exponents: 8);

    /// <summary>Fills bytes with positive elements around one: what scales are.</summary>
    public static void Scales(Span<byte> bytes, CheckpointType type, Random random) => Floats(bytes, type, random, isSigned: false, exponents: 2);

    /// <summary>Fills bytes with exponents around that of one.</summary>
    public static void Exponents(Span<byte> bytes, Random random)
    {
        foreach (ref var exponent in bytes) exponent = (byte)random.Next(120, 130);
    }

    private static void Floats(Span<byte> bytes, CheckpointType type, Random random, bool isSigned, int exponents)
    {
        switch (type)
        {
            case CheckpointType.F64:
                foreach (ref var value in MemoryMarshal.Cast<byte, double>(bytes)) value = Next();
                break;
            case CheckpointType.F32:
                foreach (ref var value in MemoryMarshal.Cast<byte, float>(bytes)) value = (float)Next();
                break;
            case CheckpointType.F16:
                foreach (ref var value in MemoryMarshal.Cast<byte, Half>(bytes)) value = (Half)Next();
                break;
            case CheckpointType.BF16:
                // The upper half of a float32: any such half is a number of its own.
                foreach (ref var value in MemoryMarshal.Cast<byte, ushort>(bytes)) value = (ushort)(BitConverter.SingleToUInt32Bits((float)Next()) >> 16);
                break;
            case CheckpointType.F8_E4M3 or CheckpointType.F8_E4M3FNUZ or CheckpointType.F8_E5M2 or CheckpointType.F8_E5M2FNUZ:
                // The largest exponents, where infinities and NaN are, aside.
                foreach (ref var value in bytes) value = (byte)((isSigned ? random.Next(2) << 7 : 0) | random.Next(0x08, 0x70));
                break;
            case CheckpointType.F8_E8M0:
                Exponents(bytes, random);
                break;
            case CheckpointType.BOOL:
                foreach (ref var value in bytes) value = (byte)random.Next(2);
                break;
            default:
                random.NextBytes(bytes);
                break;
        }

        double Next() => (1 + random.NextDouble()) * Math.ScaleB(isSigned && random.Next(2) == 0 ? -1 : 1, -random.Next(exponents));
    }
}
