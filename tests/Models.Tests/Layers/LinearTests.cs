using Lanyard.Models.Layers;
using Lanyard.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Layers;

/// <summary>The layers that families share, each by itself: loads, ranks, refits and exports, and what they compute.</summary>
public sealed class LinearTests
{
    [Fact]
    public void Each_loads_divides_refits_and_exports()
    {
        foreach (var hasBias in new[] { false, true })
        {
            ModelTest.Check(topology => new ReplicatedLinear(6, 4, hasBias).OnRank(topology));
            ModelTest.Check(topology => new ColumnLinear(6, 4, hasBias).OnRank(topology));
        }
        ModelTest.Check(topology => new RowLinear(6, 4).OnRank(topology));

        // The bias is as wide as what comes out.
        ModelTest.Check(topology => new RowLinear(6, 4, hasBias: true).OnRank(topology), new ModelTestOptions { Alike = ["bias_out = out"] });
        ModelTest.Check(topology => new TokenEmbedding(7, 5).OnRank(topology));
        ModelTest.Check(topology => new RmsNorm(7, 1e-6).OnRank(topology));
        ModelTest.Check(topology => new GatedMlp(6, 10).OnRank(topology));
        ModelTest.Check(topology => new GroupedAttention(new AttentionConfig { Hidden = 7, Heads = 12, KvHeads = 3, HeadDim = 8, HasBias = true, HasOutputBias = true }).OnRank(topology), new ModelTestOptions { Alike = ["bias_hidden = hidden"] });
        ModelTest.Check(topology => new TokenHead(7, 5).OnRank(topology));
        ModelTest.Check(topology => new SparseMoe(5, 7, 6, ExpertChoices.Softmax(2, true)).OnRank(topology));
    }

    [Fact]
    public void They_compute_what_a_product_of_matrices_does()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (weight, bias, input) = (randn(4, 6), randn(4), randn(2, 3, 6));
        var tensors = new Dictionary<string, Tensor> { ["weight"] = weight, ["bias"] = bias };
        var expected = input.reshape(6, 6).mm(weight.t()).add(bias).view(2, 3, 4);
        foreach (var layer in new nn.Module<Tensor, Tensor>[] { new ReplicatedLinear(6, 4, true), new ColumnLinear(6, 4, true), new RowLinear(6, 4, true) })
        {
            using (layer)
            {
                using var refit = ((IParameterModule)layer).BeginRefit();
                refit.Write(tensors);
                refit.Commit();
                Assert.InRange(ExpectedOutputs.LargestDifference(expected, layer.call(input)), 0, 1e-5);
            }
        }
    }

    /// <summary>The parts of two ranks add up to the whole, the bias once.</summary>
    [Fact]
    public void The_bias_of_a_row_layer_is_on_the_first_rank_alone()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = randn(4, 6), ["bias"] = randn(4) };
        var sum = zeros(4);
        for (var rank = 0; rank < 2; rank++)
        {
            using var layer = new RowLinear(6, 4, true).OnRank(new Topology(rank, 2));
            using var refit = layer.BeginRefit();
            refit.Write(tensors);
            refit.Commit();
            Assert.Equal([4L, 3], layer.Weight.shape);
            sum = sum.add(layer.Bias!);
            Assert.Throws<NotSupportedException>(() => layer.call(randn(1, 3)));
        }
        Assert.Equal(tensors["bias"].data<float>().ToArray(), sum.data<float>().ToArray());
    }
}
