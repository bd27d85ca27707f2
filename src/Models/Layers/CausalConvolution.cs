using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// A short convolution over the tokens, of each channel by itself, that sees a token and those before it, and silu behind it.
/// Sources: transformers, <c>modeling_qwen3_5.py</c>, <c>causal_conv1d_fn</c>; <c>modeling_nemotron_h.py</c>, <c>NemotronHMamba2Mixer</c>.
/// </summary>
internal static class CausalConvolution
{
    private const string Name = "convolution";

    /// <summary>Runs the convolution. The state keeps the end of its input.</summary>
    /// <param name="input">[batch sequence channels]</param>
    /// <param name="weight">[channels 1 kernel]; the last one is of the token itself.</param>
    /// <param name="bias">[channels], or null.</param>
    /// <param name="state">The inputs before, or null where there were none.</param>
    /// <returns>[batch sequence channels]</returns>
    public static Tensor Run(Tensor input, Tensor weight, Tensor? bias, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (batch, channels, before) = (input.shape[0], input.shape[2], weight.shape[2] - 1);
        var earlier = state?.Get(Name) ?? zeros([batch, before, channels], input.dtype, input.device);
        var all = cat([earlier, input], 1);
        state?.Set(Name, all.narrow(1, all.shape[1] - before, before));
        return functional.silu(functional.conv1d(all.transpose(1, 2), weight, bias, groups: channels)).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
