using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Llama4;

/// <summary>
/// Embedding, layers and the last norm. All sequences of a batch have the same length; there is no padding. Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextModel</c>.
/// </summary>
[ParameterModule]
public sealed partial class Llama4Model : DecoderStack
{
    private readonly double _normEps;

    /// <summary>Makes the model; the values are not initialised.</summary>
    public Llama4Model(Llama4Config config)
        : base(nameof(Llama4Model))
    {
        (Vocab, Hidden, _normEps) = (config.VocabSize, config.HiddenSize, config.RmsNormEps);
        var frequencies = RotaryFrequencies.Of(config);
        Layers = new ModuleList<Llama4DecoderLayer>([.. config.Layers.Select(layer => new Llama4DecoderLayer(config, layer, frequencies))]);
        for (var i = 0; i < Layers.Count; i++) Layers[i].Parameters.OfLayer(i, Layers.Count);
        Parameters.EmbedTokensWeight.OnStages(0);
        Parameters.NormWeight.OnStages(^1);
        RegisterComponents();
    }

    /// <summary>The number of tokens in the vocabulary.</summary>
    [Axis]
    public int Vocab { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The embedding, [vocab hidden]; whole on every rank of the first stage.</summary>
    [Parameter("vocab hidden")]
    [FromCheckpoint("embed_tokens.weight", "vocab hidden")]
    public partial Parameter EmbedTokensWeight { get; private set; }

    /// <summary>The weight of the last norm, [hidden]; on the last stage.</summary>
    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter NormWeight { get; private set; }

    /// <summary>The layers.</summary>
    public ModuleList<Llama4DecoderLayer> Layers { get; }

    /// <inheritdoc/>
    /// <remarks>Of a pipeline stage those that it holds.</remarks>
    protected internal override IReadOnlyList<Module<Tensor, Positions, IBlockState?, Tensor>> Blocks => [.. Layers.Where(static layer => layer.Parameters.Topology.IsHeld)];

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, or some of the layers.</exception>
    public override Tensor forward(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states)
    {
        WholeModel.Require(Parameters);
        return RunStage(inputIds, start, states);
    }

    /// <summary>Runs the layers that this pipeline stage holds. What it returns is what the next stage is given; to send it there is the engine's.</summary>
    /// <param name="input">Of the first stage, tokens as int64, [batch sequence]; of the others what the stage before returned, [batch sequence hidden].</param>
    /// <param name="start">How many tokens were before.</param>
    /// <param name="states">What each layer of the stage keeps of them, or null where there were none.</param>
    /// <returns>[batch sequence hidden]; of the last stage after the last norm.</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public Tensor RunStage(Tensor input, long start = 0, IReadOnlyList<IBlockState>? states = null) => base.forward(input, start, states);

    /// <inheritdoc/>
    protected override Tensor Embed(Tensor inputIds) => Parameters.EmbedTokensWeight.IsElsewhere ? Received(inputIds) : Embedded(inputIds);

    /// <inheritdoc/>
    protected override Tensor Finish(Tensor hidden) => Parameters.NormWeight.IsElsewhere ? hidden : Normalisation.Rms(hidden, NormWeight, _normEps);

    private Tensor Embedded(Tensor inputIds)
    {
        if (inputIds.dim() != 2 || inputIds.dtype != ScalarType.Int64)
            throw new ArgumentException($"Tokens are int64, [batch sequence], but these are {inputIds.dtype}, [{string.Join(", ", inputIds.shape)}].", nameof(inputIds));
        var embedding = EmbedTokensWeight;
        // TorchSharp has no functional.embedding.
        return embedding.index_select(0, inputIds.to(embedding.device).flatten()).view(inputIds.shape[0], inputIds.shape[1], Hidden);
    }

    private Tensor Received(Tensor hidden)
    {
        if (hidden.dim() != 3 || hidden.shape[2] != Hidden || !hidden.is_floating_point())
            throw new ArgumentException($"What a later stage is given is [batch sequence {Hidden}], but this is {hidden.dtype}, [{string.Join(", ", hidden.shape)}].", nameof(hidden));
        return hidden.alias();
    }
}
