using Lanyard.Models.Llama4;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

public class Llama4RouterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_likeliest_experts_get_the_sigmoid_of_their_logit(int topK)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7, CPU);
        var logits = randn(13, 5, generator: generator).Times(3);

        var (experts, values) = Llama4Router.Choose(logits, topK);

        Assert.Equal([13, topK], values.shape);
        var scores = zeros_like(logits).scatter_(1, experts, values);
        for (var token = 0; token < 13; token++)
        {
            var row = Enumerable.Range(0, 5).Select(expert => logits[token, expert].ReadDouble()).ToArray();
            for (var expert = 0; expert < 5; expert++)
            {
                var chosen = row.Count(other => other > row[expert]) < topK;
                Assert.Equal(chosen ? 1 / (1 + Math.Exp(-row[expert])) : 0, scores[token, expert].ReadDouble(), 1e-6);
            }
        }
    }

    [Fact]
    public void Scores_have_the_type_of_the_logits()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(ScalarType.BFloat16, Llama4Router.Choose(ones(2, 3, dtype: ScalarType.BFloat16), 1).Scores.dtype);
    }
}
