using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen35;

/// <summary>Embedding, layers and the last norm. Source: transformers, <c>modeling_qwen3_5.py</c>, <c>Qwen3_5TextModel</c>.</summary>
[ParameterModule]
public sealed partial class Qwen35Model : DecoderStack
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    public Qwen35Model(Qwen35Config config)
        : base(nameof(Qwen35Model))
    {
        var decoder = config.Decoder;
        var rotary = new RotaryEmbedding(config.RotaryDim, decoder.RopeTheta, decoder.RopeScaling);
        EmbedTokens = new TokenEmbedding(decoder.VocabSize, decoder.HiddenSize);
        Layers = new ModuleList<Qwen35Layer>([.. Enumerable.Range(0, decoder.NumHiddenLayers).Select(layer => new Qwen35Layer(config, config.FullAttentionLayers.Contains(layer), rotary))]);
        Norm = new RmsNorm(decoder.HiddenSize, decoder.RmsNormEps, 1);
        RegisterComponents();
    }

    /// <summary>The embedding.</summary>
    public TokenEmbedding EmbedTokens { get; }

    /// <summary>The layers.</summary>
    public ModuleList<Qwen35Layer> Layers { get; }

    /// <summary>The last norm.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> Norm { get; private set; }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Module<Tensor, Positions, IBlockState?, Tensor>> Blocks => [.. Layers];

    /// <inheritdoc/>
    protected override Tensor Embed(Tensor inputIds) => EmbedTokens.call(inputIds);

    /// <inheritdoc/>
    protected override Tensor Finish(Tensor hidden) => Norm.call(hidden);
}
