using Lanyard.Models.Layers;
using Lanyard.Models.Llama4;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>Attention against plain loops in double precision, in every kind of layer.</summary>
public class Llama4AttentionTests
{
    private const int Sequence = 11;
    private const int Heads = 4;
    private const int KvHeads = 2;
    private const int HeadDim = 6;
    private const int Hidden = 12;
    private const int Chunk = 4;

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, true, false, true)]
    [InlineData(true, false, true, false)]
    [InlineData(false, false, true, true)]
    [InlineData(false, false, true, false)]
    [InlineData(false, true, false, true)]
    public void It_is_what_plain_loops_compute(bool usesRope, bool isChunked, bool qkNorm, bool tuned)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var config = Configs.With(json => (json["attention_chunk_size"], json["floor_scale"]) = (Chunk, 3)) with { UseQkNorm = qkNorm, AttnTemperatureTuning = tuned };
        var frequencies = RotaryFrequencies.Of(config);
        using var attention = new Llama4Attention(config, new Llama4LayerConfig(usesRope, isChunked, false), frequencies).InitialisedByHand();
        attention.QkvWeight.copy_(randn(attention.QkvWeight.shape, generator: generator));
        attention.OWeight.copy_(randn(attention.OWeight.shape, generator: generator));
        var x = randn(2, Sequence, Hidden, generator: generator);

        using var positions = new Positions(0, Sequence, CPU);

        var result = attention.call(x, positions, null);

        for (var batch = 0; batch < 2; batch++)
        {
            var projected = Multiply(Rows(x[batch]), Rows(attention.QkvWeight));
            var attended = new double[Sequence][];
            for (var position = 0; position < Sequence; position++) attended[position] = new double[Heads * HeadDim];
            for (var head = 0; head < Heads; head++)
            {
                var group = head / (Heads / KvHeads);
                for (var query = 0; query < Sequence; query++)
                {
                    var q = Prepare(projected[query], head, query);
                    if (!usesRope && tuned) q = [.. q.Select(value => value * (1 + (0.25 * Math.Log(1 + ((query + 1) / 3)))))];
                    var seen = Enumerable.Range(0, query + 1).Where(key => !isChunked || key / Chunk == query / Chunk).ToArray();
                    var weights = seen.Select(key => Math.Exp(Dot(q, Prepare(projected[key], Heads + group, key)) / Math.Sqrt(HeadDim))).ToArray();
                    for (var i = 0; i < seen.Length; i++)
                    {
                        for (var d = 0; d < HeadDim; d++)
                            attended[query][(head * HeadDim) + d] += weights[i] / weights.Sum() * projected[seen[i]][((Heads + KvHeads + group) * HeadDim) + d];
                    }
                }
            }
            var expected = Multiply(attended, Rows(attention.OWeight));
            var actual = Rows(result[batch]);
            for (var position = 0; position < Sequence; position++)
            {
                for (var h = 0; h < Hidden; h++) Assert.Equal(expected[position][h], actual[position][h], 2e-4);
            }
        }

        double[] Prepare(double[] row, int head, int position)
        {
            var values = row[(head * HeadDim)..((head + 1) * HeadDim)];
            if (!usesRope) return values;
            for (var pair = 0; pair < HeadDim / 2; pair++)
            {
                var (sin, cos) = Math.SinCos(position * (double)frequencies[pair]);
                var (a, b) = (values[2 * pair], values[(2 * pair) + 1]);
                (values[2 * pair], values[(2 * pair) + 1]) = ((a * cos) - (b * sin), (a * sin) + (b * cos));
            }
            return qkNorm ? [.. values.Select(value => value / Math.Sqrt((Dot(values, values) / HeadDim) + 1e-5))] : values;
        }
    }

    private static double Dot(double[] one, double[] other) => one.Zip(other, (a, b) => a * b).Sum();

    /// <summary>x times the transpose of the weight, as a linear layer does.</summary>
    private static double[][] Multiply(double[][] x, double[][] weight) => [.. x.Select(row => weight.Select(column => Dot(row, column)).ToArray())];

    private static double[][] Rows(Tensor matrix)
    {
        using var wide = matrix.to(ScalarType.Float64).contiguous();
        return [.. wide.data<double>().ToArray().Chunk((int)matrix.shape[1])];
    }
}
