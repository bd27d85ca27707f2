using System.Buffers.Binary;
using CsCheck;
using Lanyard.Tests.Fuzz;

namespace Lanyard.Tests.Faults;

/// <summary>A change of a GGUF file: of bytes, whatever they mean, or of what may be a number of its header.</summary>
/// <param name="Bytes">The change of bytes; null where it is one of a number.</param>
/// <param name="Where">The byte where the number begins, counted round and round.</param>
/// <param name="Wide">Whether it has 64 bits instead of 32.</param>
/// <param name="Value">What it becomes.</param>
internal sealed record GgufChange(ByteMutation? Bytes, uint Where, bool Wide, ulong Value)
{
    private static readonly ulong[] Odd =
        [0, 1, 2, 3, 8, 9, 12, 13, 31, 32, 64, 65, 255, 256, 65535, 65536, 1 << 20, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 1UL << 40, 1UL << 61, 1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue - 31, ulong.MaxValue];

    /// <summary>Any change.</summary>
    public static Gen<GgufChange> Gen { get; } = CsCheck.Gen.OneOf(
        ByteMutation.Gen.Select(bytes => new GgufChange(bytes, 0, false, 0)),
        CsCheck.Gen.Select(CsCheck.Gen.UInt[0, 1 << 16], CsCheck.Gen.Bool, CsCheck.Gen.Int[0, Odd.Length - 1], (where, wide, value) => new GgufChange(null, where, wide, Odd[value])));

    /// <summary>The file after the change.</summary>
    /// <param name="file">The file.</param>
    /// <param name="header">The bytes of its header, where numbers are.</param>
    public byte[] Apply(byte[] file, int header)
    {
        if (Bytes is not null) return Bytes.Apply(file);
        var size = Wide ? sizeof(ulong) : sizeof(uint);
        if (file.Length < size) return file;
        byte[] changed = [.. file];
        var at = changed.AsSpan((int)(Where % Math.Min(header, file.Length - size + 1)));
        if (Wide) BinaryPrimitives.WriteUInt64LittleEndian(at, Value);
        else BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)Value);
        return changed;
    }
}
