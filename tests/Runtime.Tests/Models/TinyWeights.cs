using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Models;

/// <summary>Checkpoint tensors for a <see cref="TinyModel"/>, in both formats, from a seed.</summary>
internal static class TinyWeights
{
    public static Dictionary<string, Tensor> Fused(TinySizes sizes, int seed, ScalarType type = ScalarType.Float32)
    {
        var random = new Generator((ulong)seed, CPU);
        Tensor Next(params long[] shape) => torch.randn(shape, generator: random).to_type(type);
        var tensors = new Dictionary<string, Tensor> { ["norm.weight"] = Next(sizes.Hidden) };
        for (var layer = 0; layer < sizes.Layers; layer++)
        {
            var (attention, experts) = ($"layers.{layer}.self_attn.", $"layers.{layer}.mlp.experts.");
            tensors[attention + "q_proj.weight"] = Next(sizes.Heads * sizes.HeadDim, sizes.Hidden);
            tensors[attention + "k_proj.weight"] = Next(sizes.KvHeads * sizes.HeadDim, sizes.Hidden);
            tensors[attention + "v_proj.weight"] = Next(sizes.KvHeads * sizes.HeadDim, sizes.Hidden);
            tensors[attention + "o_proj.weight"] = Next(sizes.Hidden, sizes.Heads * sizes.HeadDim);
            tensors[experts + "gate_up_proj"] = Next(sizes.Experts, sizes.Hidden, 2 * sizes.Intermediate);
            tensors[experts + "down_proj"] = Next(sizes.Experts, sizes.Intermediate, sizes.Hidden);
        }
        return tensors;
    }

    /// <summary>The same weights with the experts one by one, [out, in] like any linear layer.</summary>
    public static Dictionary<string, Tensor> PerExpert(Dictionary<string, Tensor> fused)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, value) in fused)
        {
            var prefix = name[..(name.LastIndexOf('.') + 1)];
            for (var e = 0; e < value.shape[0]; e++)
            {
                if (name.EndsWith("gate_up_proj", StringComparison.Ordinal))
                {
                    var halves = value[e].t().chunk(2, dim: 0);
                    tensors[$"{prefix}{e}.gate_proj.weight"] = halves[0].contiguous();
                    tensors[$"{prefix}{e}.up_proj.weight"] = halves[1].contiguous();
                }
                else if (name.EndsWith("experts.down_proj", StringComparison.Ordinal))
                {
                    tensors[$"{prefix}{e}.down_proj.weight"] = value[e].t().contiguous();
                }
                else
                {
                    tensors[name] = value;
                }
            }
        }
        return tensors;
    }
}
