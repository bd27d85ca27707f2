using Lanyard.Copies;

namespace Lanyard.Tests.Copies;

public sealed unsafe class HalfToSingleTests
{
    /// <summary>All 65,536 of them, in rows and one by one: what .NET makes of each, and the bits of what is no number.</summary>
    [Fact]
    public void Every_half_becomes_the_same_number()
    {
        var halves = Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits).ToArray();
        var (rows, singly) = (new uint[halves.Length], new uint[halves.Length]);
        fixed (ushort* from = halves)
        {
            fixed (uint* row = rows, single = singly)
            {
                HalfToSingle.Row((byte*)from, (byte*)row, halves.Length);
                HalfToSingle.Spread((byte*)from, sizeof(ushort), (byte*)single, sizeof(uint), halves.Length);
            }
        }
        Assert.Equal(rows, singly);
        foreach (var half in halves)
        {
            var value = BitConverter.UInt16BitsToHalf(half);
            var expected = Half.IsNaN(value) ? ((half & 0x8000u) << 16) | 0x7f800000 | ((half & 0x3ffu) << 13) : BitConverter.SingleToUInt32Bits((float)value);
            Assert.True(expected == rows[half], $"{half:x4}: {rows[half]:x8}, not {expected:x8}");
        }
    }
}
