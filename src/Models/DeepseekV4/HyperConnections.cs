using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>
/// Several residual streams: a block reads a mixture of them and writes to all, and they are mixed among themselves by matrices whose rows and columns add up to one.
/// Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4HyperConnection</c>, <c>DeepseekV4HyperHead</c> and <c>DeepseekV4DecoderLayer</c>.
/// </summary>
/// <param name="streams">How many there are.</param>
/// <param name="iterations">How often rows and columns are made to add up to one.</param>
/// <param name="eps">What is added to weights and sums.</param>
/// <param name="normEps">What is added to the mean square of the streams.</param>
internal sealed class HyperConnections(int streams, int iterations, double eps, double normEps)
{
    /// <summary>Runs a block between the streams.</summary>
    /// <param name="hidden">[batch sequence streams hidden]</param>
    /// <param name="fn">What makes weights of the streams, [((2 + streams) streams) (streams hidden)], float32.</param>
    /// <param name="bias">What is added to them, [((2 + streams) streams)], float32.</param>
    /// <param name="scale">What those for reading, for writing and for mixing are multiplied with, [3], float32.</param>
    /// <param name="block">The block: [batch sequence hidden] to the same.</param>
    /// <returns>[batch sequence streams hidden]</returns>
    public Tensor Around(Tensor hidden, Tensor fn, Tensor bias, Tensor scale, Func<Tensor, Tensor> block)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence, width) = (hidden.shape[0], hidden.shape[1], hidden.shape[3]);
        var made = Made(hidden, fn);
        var read = Weight(0, streams, 0).sigmoid().Plus(eps);
        var write = Weight(streams, streams, 1).sigmoid().Times(2).to(hidden.dtype);
        var mix = functional.softmax(Weight(2 * streams, streams * streams, 2).view(batch, sequence, streams, streams), -1).Plus(eps);
        mix /= mix.sum(-2, keepdim: true).Plus(eps);
        for (var i = 1; i < iterations; i++)
        {
            mix /= mix.sum(-1, keepdim: true).Plus(eps);
            mix /= mix.sum(-2, keepdim: true).Plus(eps);
        }
        var output = block(Collapsed(hidden, read));
        var mixed = mix.to(hidden.dtype).reshape(batch * sequence, streams, streams).transpose(1, 2).bmm(hidden.reshape(batch * sequence, streams, width)).view(hidden.shape);
        return (write.unsqueeze(-1) * output.unsqueeze(2)).Plus(mixed).MoveToOuterDisposeScope();

        Tensor Weight(int first, int count, int part) => (made.narrow(-1, first, count) * scale.narrow(0, part, 1)).Plus(bias.narrow(0, first, count));
    }

    /// <summary>One stream of all at the end.</summary>
    /// <param name="hidden">[batch sequence streams hidden]</param>
    /// <param name="fn">What makes weights of the streams, [streams (streams hidden)], float32.</param>
    /// <param name="bias">What is added to them, [streams], float32.</param>
    /// <param name="scale">What they are multiplied with, [1], float32.</param>
    /// <returns>[batch sequence hidden]</returns>
    public Tensor Last(Tensor hidden, Tensor fn, Tensor bias, Tensor scale)
    {
        using var scope = NewDisposeScope();
        return Collapsed(hidden, (Made(hidden, fn) * scale).Plus(bias).sigmoid().Plus(eps)).MoveToOuterDisposeScope();
    }

    private Tensor Made(Tensor hidden, Tensor fn) => functional.linear(Normalisation.Rms(hidden.flatten(2).to(ScalarType.Float32), normEps), fn);

    private static Tensor Collapsed(Tensor hidden, Tensor weights) => (weights.unsqueeze(-1) * hidden).sum(2).to(hidden.dtype);
}
