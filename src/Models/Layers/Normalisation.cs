using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Root mean square norms.</summary>
public static class Normalisation
{
    /// <summary>
    /// x / sqrt(mean(x^2) + eps) over the last dimension, in float32 whatever the type of <paramref name="x"/>.
    /// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextL2Norm</c>; arXiv 1910.07467.
    /// </summary>
    public static Tensor Rms(Tensor x, double eps)
    {
        using var scope = NewDisposeScope();
        // By hand: TorchSharp has neither functional.rms_norm nor nn.RMSNorm.
        var wide = x.to(ScalarType.Float32);
        return (wide * (wide * wide).mean([-1], keepdim: true).Plus(eps).rsqrt()).to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same, times a weight for each element of the last dimension. Source: <c>Llama4TextRMSNorm</c>, in the same file.</summary>
    public static Tensor Rms(Tensor x, Tensor weight, double eps)
    {
        using var normed = Rms(x, eps);
        // Rounded before the weight comes in, as in transformers: in bfloat16 the other order gives other bits.
        return normed * weight;
    }

    /// <summary>The same, times the sum of an offset and the weight, in float32 too. Sources: transformers, <c>modeling_qwen3_5.py</c>, <c>Qwen3_5RMSNorm</c>; <c>modeling_gemma4.py</c>, <c>Gemma4RMSNorm</c>.</summary>
    public static Tensor WideRms(Tensor x, Tensor weight, double eps, double offset)
    {
        using var scope = NewDisposeScope();
        return (Rms(x.to(ScalarType.Float32), eps) * (offset == 0 ? weight.to(ScalarType.Float32) : weight.to(ScalarType.Float32).Plus(offset))).to(x.dtype).MoveToOuterDisposeScope();
    }
}
