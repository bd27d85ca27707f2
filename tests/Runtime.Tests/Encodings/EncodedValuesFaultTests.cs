using System.Text;
using Lanyard.Encodings;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>What no values can be made of is said plainly, and nothing is read outside a tensor.</summary>
public sealed class EncodedValuesFaultTests : IDisposable
{
    private static readonly CodeLayout Number = new(CodeType.Number);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 0 }, "the number of a block is 3, and there are 3")]
    [InlineData(new[] { 0, 1, -2, 0, 0 }, "the number of a block is -2, and there are 3")]
    [InlineData(new[] { 2, 0, 1, 1, 0 }, null, 30f, 10f, 20f, 20f, 10f, 60f, 40f, 50f, 50f, 40f)]
    [InlineData(new[] { 9, 0, -1, 1, 0 }, null, 10f, 10f, 20f, 20f, 30f, 40f, 40f, 50f, 50f, 60f)]
    public void Numbers_of_blocks_lie_in_the_grid(int[] numbers, string? fault, params float[] expected)
    {
        var encoding = new ValueEncoding("E", "weight", Number, "code * scale")
        {
            Companions =
            [
                new CompanionEncoding("scale", "scale", Number) { Covers = ["1 2"], Through = "index" },
                new CompanionEncoding("index", "g_idx", Number) { Covers = ["* 1"] },
            ],
        };
        Check(fault, expected, () => new EncodedValues(encoding, [2, 5], torch.ones(10), [torch.tensor(new[] { 10f, 20f, 30f, 40f, 50f, 60f }), torch.tensor(numbers)], [0, 0]));
    }

    [Fact]
    public void Numbers_of_blocks_are_whole()
    {
        var encoding = new ValueEncoding("E", "weight", Number, "code * scale")
        {
            Companions = [new CompanionEncoding("index", "g_idx", Number) { Covers = ["1"] }, new CompanionEncoding("scale", "scale", Number) { Covers = ["2"], Through = "index" }],
        };
        Check("the numbers of blocks are not whole", [], () => new EncodedValues(encoding, [2], torch.ones(2), [torch.ones(2), torch.ones(1)], [0, 0]));
    }

    [Theory]
    [InlineData("table[code]", "an index is 5, and the table has 5 elements")]
    [InlineData("table[code - 3]", "an index is -2, and the table has 5 elements")]
    [InlineData("table[code - 1]", null, 10f, 20f, 30f, 40f, 50f)]
    [InlineData("table[code & 3]", null, 20f, 30f, 40f, 10f, 20f)]
    [InlineData("table[table[code - 1]]", "the index of a table is not a whole number")]
    [InlineData("table[0] & code", "a side of & is not a whole number")]
    [InlineData("code * 4000000000000000000 * code", "a whole number does not fit 64 bits")]
    [InlineData("code * 3000000000000000000 - 9000000000000000000", "a whole number does not fit 64 bits")]
    public void Whole_numbers_are_used_where_they_must_be_and_fit(string value, string? fault, params float[] expected)
    {
        var encoding = new ValueEncoding("E", "weight", Number, value) { Companions = [new CompanionEncoding("table", "map", Number)] };
        Check(fault, expected, () => new EncodedValues(encoding, [5], torch.tensor(new sbyte[] { 1, 2, 3, 4, 5 }), [torch.tensor(new[] { 10f, 20f, 30f, 40f, 50f })], [-1]));
    }

    [Fact]
    public void A_whole_number_is_rounded_once()
    {
        // 2^53 + 2^29 + 1 lies above the middle of two float32; as a double it would be the middle, which goes to the even one.
        var encoding = new ValueEncoding("E", "weight", Number, "code");
        var values = new float[2];
        new EncodedValues(encoding, [2], torch.tensor(new[] { (1L << 53) + (1L << 29) + 1, 16777217 }), [], []).Decode(0, values);
        Assert.Equal([9007200328482816f, 16777216f], values);
    }

    [Fact]
    public void Integers_above_63_bits_are_refused()
    {
        var values = new float[2];
        var decoder = new EncodedValues(new ValueEncoding("E", "weight", new CodeLayout(CodeType.UInt) { Bits = 64, Word = 64 }, "code"), [2], torch.tensor(new[] { 1L, -1L }), [], []);
        Assert.Equal("the number 18446744073709551615 is larger than those that are computed with", Assert.Throws<InvalidDataException>(() => decoder.Decode(0, values)).Message);
    }

    [Fact]
    public void An_order_whose_end_is_not_stored_is_refused()
    {
        var layout = new CodeLayout(CodeType.UInt) { Bits = 8, Word = 8, Order = [2, 0, 1] };
        Assert.Equal(
            "the last of 4 codes, which are in an order of 3, have no place",
            Assert.Throws<InvalidDataException>(() => new EncodedValues(new ValueEncoding("E", "weight", layout, "code"), [4], torch.zeros(4, dtype: ScalarType.Byte), [], [])).Message);
    }

    [Theory]
    [InlineData(23, 3)]
    [InlineData(25, 3)]
    [InlineData(24, 2)]
    [InlineData(24, 4)]
    public void Tensors_of_other_sizes_are_not_read(int codes, int scales)
    {
        var encoding = new ValueEncoding("E", "weight", new CodeLayout(CodeType.UInt) { Bits = 4, Word = 8 }, "code * scale") { Companions = [new CompanionEncoding("scale", "scale", Number) { Covers = ["*"] }] };
        Assert.Throws<ArgumentException>(() => new EncodedValues(encoding, [3, 15], torch.zeros(codes, dtype: ScalarType.Byte), [torch.ones(scales)], [0]));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 46)]
    [InlineData(45, 1)]
    [InlineData(46, 0)]
    public void Positions_lie_in_the_values(long first, int count)
    {
        var decoder = new EncodedValues(new ValueEncoding("E", "weight", Number, "code"), [3, 15], torch.ones(45), [], []);
        decoder.Decode(45, new float[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Decode(first, new float[count]));
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Decode(first, new ushort[count]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Values_may_have_no_axis_or_no_element(int size)
    {
        var encoding = new ValueEncoding("E", "weight", Number, "code * scale") { Companions = [new CompanionEncoding("scale", "scale", Number) { Covers = [""] }] };
        var values = new float[size];
        new EncodedValues(encoding, size == 0 ? [4, 0, 2] : [], torch.ones(size), [torch.ones(1) * 3], [0]).Decode(0, values);
        Assert.Equal(Enumerable.Repeat(3f, size), values);
    }

    [Theory]
    [InlineData("{\"a\": {\"n\": 1}, \"n\": 2.5, \"b\": [1, {}]}", null)]
    [InlineData("{\"a\": 1}", "its JSON has no \"n\"")]
    [InlineData("{\"n\": 1, \"n\": 2}", "its JSON has \"n\" twice")]
    [InlineData("{\"n\": \"1\"}", "\"n\" of its JSON is not a number that float32 has")]
    [InlineData("{\"n\": 1e99}", "\"n\" of its JSON is not a number that float32 has")]
    [InlineData("{\"n\": 1} x", "it is not JSON")]
    [InlineData("{\"n\": 1", "it is not JSON")]
    [InlineData("{\"\\ud800\": 1, \"n\": 2}", "it is not JSON")]
    [InlineData("[1]", "it is not a JSON object")]
    [InlineData("", "it is not JSON")]
    public void A_number_in_JSON_is_there_once(string text, string? fault)
    {
        var encoding = new ValueEncoding("E", "weight", Number, "code * n") { Companions = [new CompanionEncoding("n", "state", new CodeLayout(CodeType.Json)) { Field = "n" }] };
        Check(fault, [2.5f, 5f], () => new EncodedValues(encoding, [2], torch.tensor(new[] { 1f, 2f }), [torch.tensor(Encoding.UTF8.GetBytes(text))], [-1]));
    }

    private static void Check(string? fault, float[] expected, Func<EncodedValues> decoder)
    {
        var values = new float[expected.Length == 0 ? 5 : expected.Length];
        if (fault is not null)
        {
            Assert.Equal(fault, Assert.Throws<InvalidDataException>(() => decoder().Decode(0, values)).Message);
            return;
        }
        decoder().Decode(0, values);
        if (expected.Length > 0) Assert.Equal(expected, values);
    }
}
