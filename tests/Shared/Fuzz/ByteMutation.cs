using System.Buffers.Binary;
using CsCheck;

namespace Lanyard.Tests.Fuzz;

/// <summary>One change of a file's bytes, whatever they mean.</summary>
/// <param name="Change">What is done.</param>
/// <param name="Where">At which byte, counted round and round.</param>
/// <param name="How">How many bytes, or which.</param>
internal sealed record ByteMutation(ByteChange Change, uint Where, uint How)
{
    /// <summary>Any change.</summary>
    public static Gen<ByteMutation> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Enum<ByteChange>(), CsCheck.Gen.UInt[0, 1 << 16], CsCheck.Gen.UInt[0, 1 << 16], (change, where, how) => new ByteMutation(change, where, how));

    /// <summary>The file after the change.</summary>
    public byte[] Apply(byte[] file)
    {
        if (file.Length == 0) return file;
        var at = (int)(Where % file.Length);
        var count = Math.Min((int)(How % 64) + 1, file.Length - at);
        byte[] changed = [.. file];
        switch (Change)
        {
            case ByteChange.Flip:
                changed[at] ^= (byte)(1 << (int)(How % 8));
                return changed;
            case ByteChange.Set:
                changed[at] = (byte)How;
                return changed;
            case ByteChange.Truncate:
                return changed[..at];
            case ByteChange.Cut:
                return [.. changed[..at], .. changed[(at + count)..]];
            case ByteChange.Insert:
                return [.. changed[..at], .. changed[at..(at + count)], .. changed[at..]];
            case ByteChange.Append:
                return [.. changed, .. new byte[count]];
            default:
                if (file.Length >= sizeof(long)) BinaryPrimitives.WriteInt64LittleEndian(changed, Length(BinaryPrimitives.ReadInt64LittleEndian(file), file.Length));
                return changed;
        }
    }

    private long Length(long old, int file) => (How % 10) switch
    {
        0 => old + 1,
        1 => old - 1,
        2 => old + 8,
        3 => file,
        4 => file - sizeof(long),
        5 => 0,
        6 => 100_000_000,
        7 => 100_000_001,
        8 => long.MaxValue,
        _ => -1,
    };
}
