using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Gemma4;

/// <summary>
/// Embedding, layers and the last norm, and in some releases an input of each layer: what a second embedding has for the token, and a projection of the first.
/// Source: transformers, <c>modeling_gemma4.py</c>, <c>Gemma4TextModel</c>.
/// </summary>
[ParameterModule]
public sealed partial class Gemma4Model : DecoderStack
{
    private readonly Gemma4Config _config;

    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    public Gemma4Model(Gemma4Config config)
        : base(nameof(Gemma4Model))
    {
        _config = config;
        var (hidden, layers, width) = (config.Decoder.HiddenSize, config.Decoder.NumHiddenLayers, config.HiddenSizePerLayerInput);
        EmbedTokens = new TokenEmbedding(config.Decoder.VocabSize, hidden);
        if (width > 0)
        {
            EmbedTokensPerLayer = new TokenEmbedding(config.VocabSizePerLayerInput, layers * width);
            PerLayerModelProjection = new ReplicatedLinear(hidden, layers * width);
            PerLayerProjectionNorm = new RmsNorm(width, config.Decoder.RmsNormEps, isWide: true);
        }
        var (sliding, full) = (config.SlidingAttention(), config.FullAttention());
        Layers = new ModuleList<Gemma4DecoderLayer>([.. Enumerable.Range(0, layers).Select(layer =>
        {
            var isFull = config.FullLayers.Contains(layer);
            return new Gemma4DecoderLayer(config, layer, new Gemma4Attention(isFull ? full : sliding, isFull && config.AttentionKEqV, layer, config.SourceOf(layer)));
        })]);
        Norm = new RmsNorm(hidden, config.Decoder.RmsNormEps, isWide: true);
        RegisterComponents();
    }

    // What children share, for who compares the map with a published list.
    [Axis]
    private int PerLayer => Math.Max(_config.HiddenSizePerLayerInput, 1);

    // What children share, for who compares the map with a published list.
    [Axis]
    private int AllPerLayer => _config.Decoder.NumHiddenLayers * PerLayer;

    // What of the model is there together.
    private bool HasPerLayerInput => _config.HiddenSizePerLayerInput > 0;

    /// <summary>The embedding.</summary>
    public TokenEmbedding EmbedTokens { get; }

    /// <summary>The embedding of the inputs of all layers, or null.</summary>
    [Child(typeof(TokenEmbedding), Axes = "vocab = ?, hidden = all_per_layer", When = nameof(HasPerLayerInput))]
    public TokenEmbedding? EmbedTokensPerLayer { get; }

    /// <summary>The projection of the embedding to the inputs of all layers, or null.</summary>
    [Child(typeof(ReplicatedLinear), Axes = "in = hidden, out = all_per_layer", When = nameof(HasPerLayerInput))]
    public Module<Tensor, Tensor>? PerLayerModelProjection { get; private set; }

    /// <summary>The norm of what it gives for each layer, or null.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = per_layer", When = nameof(HasPerLayerInput))]
    public Module<Tensor, Tensor>? PerLayerProjectionNorm { get; private set; }

    /// <summary>The layers.</summary>
    public ModuleList<Gemma4DecoderLayer> Layers { get; }

    /// <summary>The last norm.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> Norm { get; private set; }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Module<Tensor, Positions, IBlockState?, Tensor>> Blocks => [.. Layers];

    /// <inheritdoc/>
    protected override Tensor Embed(Tensor inputIds) => Scaled(EmbedTokens.call(inputIds), _config.Decoder.HiddenSize);

    /// <summary>Leaves the inputs of the layers, [batch sequence layers width].</summary>
    protected override void Begin(Tensor inputIds, Tensor hidden, Positions positions)
    {
        if (EmbedTokensPerLayer is null) return;
        using var scope = NewDisposeScope();
        var (layers, width) = (_config.Decoder.NumHiddenLayers, _config.HiddenSizePerLayerInput);
        long[] shape = [hidden.shape[0], hidden.shape[1], layers, width];
        var projected = PerLayerModelProjection!.call(hidden).Times(Math.Pow(_config.Decoder.HiddenSize, -0.5)).view(shape);
        var own = Scaled(EmbedTokensPerLayer.call(inputIds), width).view(shape);
        positions.Leave(typeof(Gemma4Model), PerLayerProjectionNorm!.call(projected).Plus(own).Times(Math.Pow(2, -0.5)));
    }

    /// <inheritdoc/>
    protected override Tensor Finish(Tensor hidden) => Norm.call(hidden);

    /// <summary>Times the root of a width, which is rounded to the type of the parameters.</summary>
    private static Tensor Scaled(Tensor embedding, int width)
    {
        using var root = tensor(Math.Sqrt(width), embedding.dtype, embedding.device);
        using (embedding) return embedding * root;
    }
}
