using Lanyard.Encodings;
using Lanyard.Encodings.Gguf;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Whatever an encoding declares, each value is what it says of the value's own position.</summary>
public sealed class RandomEncodingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2000)]
    [InlineData(3000)]
    public void Values_are_those_of_their_positions(int seed)
    {
        for (var end = seed + 25; seed < end; seed++)
        {
            using var scope = NewDisposeScope();
            var encoding = new RandomEncoding(seed);
            EncodedValues? decoder;
            try
            {
                decoder = encoding.Decoder();
            }
            catch (InvalidDataException error)
            {
                // Codes in an order whose last run is not stored as a whole.
                Assert.Contains("have no place", error.Message);
                continue;
            }
            var expected = Enumerable.Range(0, (int)encoding.Count).Select(i => encoding.Value(i)).ToArray();
            var (values, narrow) = (new float[expected.Length], new ushort[expected.Length]);
            if (expected.Contains(null))
            {
                Assert.Throws<InvalidDataException>(() => decoder.Decode(0, values));
                Assert.Throws<InvalidDataException>(() => decoder.Decode(0, narrow));
                continue;
            }
            decoder.Decode(0, values);
            decoder.Decode(0, narrow);
            Same(seed, encoding, expected, values, narrow, 0);
            var random = new Random(seed);
            for (var i = 0; i < 8; i++)
            {
                var first = random.Next(expected.Length);
                var count = random.Next(expected.Length - first + 1);
                (values, narrow) = (new float[count], new ushort[count]);
                decoder.Decode(first, values);
                decoder.Decode(first, narrow);
                Same(seed, encoding, expected, values, narrow, first);
            }
        }
    }

    private static void Same(int seed, RandomEncoding encoding, float?[] expected, float[] values, ushort[] narrow, int first)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = expected[first + i]!.Value;
            if (float.IsNaN(value) ? float.IsNaN(values[i]) : BitConverter.SingleToUInt32Bits(value) == BitConverter.SingleToUInt32Bits(values[i]))
            {
                if (SixteenValues.Rounded(value) == narrow[i]) continue;
            }
            Assert.Fail($"Seed {seed}, position {first + i}: {value:G9}, not {values[i]:G9} and {narrow[i]:x4}: {encoding}");
        }
    }
}
