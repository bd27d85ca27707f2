using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.NemotronH;

/// <summary>Embedding, layers and the last norm. Source: transformers, <c>modeling_nemotron_h.py</c>, <c>NemotronHModel</c>.</summary>
[ParameterModule]
public sealed partial class NemotronHModel : DecoderStack
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    public NemotronHModel(NemotronHConfig config)
        : base(nameof(NemotronHModel))
    {
        Embeddings = new TokenEmbedding(config.VocabSize, config.HiddenSize);
        Layers = new ModuleList<NemotronHBlock>([.. config.Pattern.Select(kind => new NemotronHBlock(config, kind))]);
        NormF = new RmsNorm(config.HiddenSize, config.NormEps);
        RegisterComponents();
    }

    /// <summary>The embedding.</summary>
    public TokenEmbedding Embeddings { get; }

    /// <summary>The layers.</summary>
    public ModuleList<NemotronHBlock> Layers { get; }

    /// <summary>The last norm.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> NormF { get; private set; }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Module<Tensor, Positions, IBlockState?, Tensor>> Blocks => [.. Layers];

    /// <inheritdoc/>
    protected override Tensor Embed(Tensor inputIds) => Embeddings.call(inputIds);

    /// <inheritdoc/>
    protected override Tensor Finish(Tensor hidden) => NormF.call(hidden);
}
