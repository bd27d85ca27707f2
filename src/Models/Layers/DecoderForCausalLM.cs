using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// A decoder with its output projection, which may be the embedding: what the root classes of most families are. A family says what its layers are.
/// Source: transformers, <c>modeling_llama.py</c>, <c>LlamaForCausalLM</c>.
/// </summary>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "model.embed_tokens.weight")]
public partial class DecoderForCausalLM : CausalLM
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <param name="name">The name of the family's class.</param>
    /// <param name="config">What all such families have.</param>
    /// <param name="layer">Makes the layer of a number.</param>
    /// <param name="ahead">The numbers of layers behind those, which predict further tokens; they are left alone.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public DecoderForCausalLM(string name, DecoderConfig config, Func<int, DecoderLayer> layer, IReadOnlyList<int>? ahead = null)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        Model = new Decoder(config.VocabSize, config.HiddenSize, new RmsNorm(config.HiddenSize, config.RmsNormEps), Enumerable.Range(0, config.NumHiddenLayers).Select(layer), ahead);
        if (!config.TieWordEmbeddings) LmHead = new TokenHead(config.VocabSize, config.HiddenSize);
        RegisterComponents();
    }

    // What children share, for who compares the map with a published list.
    [Axis]
    private int Vocab => Config.VocabSize;

    [Axis]
    private int Hidden => Config.HiddenSize;

    /// <summary>The configuration that the model was made from.</summary>
    public DecoderConfig Config { get; }

    /// <summary>Embedding, layers and the last norm.</summary>
    [CheckpointName("model"), CheckpointName("", Format = "gguf"), CheckpointName("", Format = "gguf-llama")]
    public Decoder Model { get; }

    /// <summary>The output projection; null where it is the embedding.</summary>
    [CheckpointName("lm_head"), CheckpointName("output", Format = "gguf")]
    [Child(typeof(TokenHead))]
    public Module<Tensor, Tensor>? LmHead { get; private set; }

    /// <inheritdoc/>
    public override int BlockCount => Model.Layers.Count;

    /// <inheritdoc/>
    protected override Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Model.call(inputIds, start, states);

    /// <inheritdoc/>
    protected override Tensor Head(Tensor hidden) => LmHead?.call(hidden) ?? Model.EmbedTokens.Logits(hidden);
}
