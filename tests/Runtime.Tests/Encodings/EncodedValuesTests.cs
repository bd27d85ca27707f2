using Lanyard.Encodings.Gguf;

namespace Lanyard.Tests.Encodings;

/// <summary>Values of published encodings, to the bit as the references that publish or run them compute them.</summary>
public sealed class EncodedValuesTests
{
    public static TheoryData<string> Cases => [.. EncodingCase.Names];

    [Fact]
    public void All_cases_are_here() => Assert.Equal(58, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_value_of_every_case_is_that_of_the_reference(string name) => Check(name, false);

    [Theory]
    [InlineData("nf4-nested")]
    public void A_number_may_be_in_JSON(string name) => Check(name, true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parts_are_parts_of_the_whole(string name)
    {
        using var stored = new EncodingCase(name);
        var random = new Random(name.Length);
        foreach (var output in stored.Outputs)
        {
            var whole = stored.Expected(output).Bits;
            for (var i = 0; i < 40; i++)
            {
                var first = random.Next(whole.Length + 1);
                var count = Math.Min(whole.Length - first, i % 2 == 0 ? random.Next(70) : random.Next(whole.Length + 1));
                Same($"{output} from {first}", whole[first..(first + count)], stored.Read<float>(output, first, count), stored.Read<ushort>(output, first, count));
            }
        }
    }

    private static void Check(string name, bool jsonConstants)
    {
        using var stored = new EncodingCase(name, jsonConstants);
        Assert.Equal(stored.AllExpected.Order(), stored.Outputs.Order());
        foreach (var output in stored.Outputs)
        {
            var (shape, bits) = stored.Expected(output);
            Assert.NotEmpty(bits);
            Assert.Equal(shape.ToArray(), stored.Shape(output).ToArray());
            var narrow = stored.Read<ushort>(output, 0, bits.Length);
            Same(output, bits, stored.Read<float>(output, 0, bits.Length), narrow);
            if (stored.ExpectedNarrow(output) is not { } rounded) continue;
            for (var i = 0; i < bits.Length; i++) Assert.True(rounded[i] == narrow[i] || ((rounded[i] & 0x7fff) > 0x7f80 && narrow[i] == 0x7fc0), $"{output} {i}: {rounded[i]:x4}, not {narrow[i]:x4}");
        }
    }

    private static void Same(string what, uint[] expected, float[] values, ushort[] narrow)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var value = BitConverter.UInt32BitsToSingle(expected[i]);
            Assert.True(float.IsNaN(value) ? float.IsNaN(values[i]) : expected[i] == BitConverter.SingleToUInt32Bits(values[i]), $"{what} {i}: {value:G9}, not {values[i]:G9}");
            Assert.True(SixteenValues.Rounded(value) == narrow[i], $"{what} {i}: {value:G9} in bfloat16 is not {narrow[i]:x4}");
        }
    }
}
