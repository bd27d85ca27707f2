using Lanyard.Models.Layers;
using Lanyard.Models.Llama4;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

public class Llama4PositionsTests
{
    [Fact]
    public void Rotation_turns_neighbouring_pairs_by_position()
    {
        using var scope = NewDisposeScope();
        float[] frequencies = [1, 0.3f, 0.01f];
        var x = arange(2 * 5 * 4 * 6, ScalarType.Float32).view(2, 5, 4, 6) / 10;

        using var positions = new Positions(3, 5, CPU);

        var turned = Llama4Attention.Rotate(x, Llama4Positions.Rotation(positions, frequencies));

        Assert.Equal(x.shape, turned.shape);
        var (from, to) = (x.data<float>().ToArray(), turned.data<float>().ToArray());
        for (var i = 0; i < from.Length; i += 2)
        {
            var (pair, position) = (i / 2 % 3, 3 + (i / 6 / 4 % 5));
            var angle = position * (double)frequencies[pair];
            Assert.Equal((from[i] * Math.Cos(angle)) - (from[i + 1] * Math.Sin(angle)), to[i], 1e-4);
            Assert.Equal((from[i] * Math.Sin(angle)) + (from[i + 1] * Math.Cos(angle)), to[i + 1], 1e-4);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Rotation_keeps_the_type(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var positions = new Positions(0, 2, CPU);

        Assert.Equal(type, Llama4Attention.Rotate(ones(1, 2, 1, 2, dtype: type), Llama4Positions.Rotation(positions, [1])).dtype);
    }

    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(4, 0, 11)]
    [InlineData(4, 0, 12)]
    [InlineData(4, 5, 6)]
    [InlineData(4, 8, 1)]
    public void A_query_sees_earlier_keys_of_its_chunk(int chunk, int start, int count)
    {
        using var positions = new Positions(start, count, CPU);

        var mask = Llama4Positions.Mask(positions, chunk)!;

        Assert.Equal([count, start + count], mask.shape);
        for (var query = start; query < start + count; query++)
        {
            for (var key = 0; key < start + count; key++)
                Assert.Equal(key <= query && key / chunk == query / chunk, mask[query - start, key].ToBoolean());
        }
    }

    [Fact]
    public void Temperature_grows_in_steps()
    {
        using var positions = new Positions(2, 41, CPU);

        var temperature = Llama4Positions.Temperature(positions, 8, 0.25);

        Assert.Equal([41, 1, 1], temperature.shape);
        for (var i = 0; i < 41; i++)
            Assert.Equal((Math.Log(1 + ((2 + i + 1) / 8)) * 0.25) + 1, temperature[i].ToSingle(), 1e-6);
    }

    [Fact]
    public void Within_one_chunk_there_is_no_mask()
    {
        using var within = new Positions(0, 16, CPU);
        using var beyond = new Positions(0, 17, CPU);

        Assert.Null(Llama4Positions.Mask(within, 16));
        Assert.Equal([17, 17], Llama4Positions.Mask(beyond, 16)!.shape);
        Assert.Null(Llama4Positions.Mask(beyond, null));
    }
}
