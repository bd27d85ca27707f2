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

        var turned = Llama4Attention.Rotate(x, Llama4Positions.RotationOf(frequencies, 5, CPU));

        Assert.Equal(x.shape, turned.shape);
        var (from, to) = (x.data<float>().ToArray(), turned.data<float>().ToArray());
        for (var i = 0; i < from.Length; i += 2)
        {
            var (pair, position) = (i / 2 % 3, i / 6 / 4 % 5);
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

        Assert.Equal(type, Llama4Attention.Rotate(ones(1, 2, 1, 2, dtype: type), Llama4Positions.RotationOf([1], 2, CPU)).dtype);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 11)]
    [InlineData(4, 12)]
    [InlineData(16, 5)]
    public void A_query_sees_earlier_keys_of_its_chunk(int chunk, int length)
    {
        using var scope = NewDisposeScope();

        var mask = Llama4Positions.ChunkMaskOf(chunk, length, CPU);

        Assert.Equal([length, length], mask.shape);
        for (var query = 0; query < length; query++)
        {
            for (var key = 0; key < length; key++)
                Assert.Equal(key <= query && key / chunk == query / chunk, mask[query, key].ToBoolean());
        }
    }

    [Fact]
    public void Temperature_grows_in_steps()
    {
        using var scope = NewDisposeScope();

        var temperature = Llama4Positions.TemperatureOf(8, 0.25, 41, CPU);

        Assert.Equal([41, 1, 1], temperature.shape);
        for (var position = 0; position < 41; position++)
            Assert.Equal((Math.Log(1 + ((position + 1) / 8)) * 0.25) + 1, temperature[position].ToSingle(), 1e-6);
    }

    [Fact]
    public void What_is_not_needed_is_not_made()
    {
        using var scope = NewDisposeScope();
        var config = Configs.With(json => json["attn_temperature_tuning"] = false);

        var within = Llama4Positions.Create(config, [1, 1, 1], 16, CPU);
        var beyond = Llama4Positions.Create(config, [1, 1, 1], 17, CPU);

        Assert.Null(within.ChunkMask);
        Assert.Equal([17, 17], beyond.ChunkMask!.shape);
        Assert.Null(beyond.Temperature);
    }
}
