using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Gemma4;

/// <summary>
/// The Gemma 4 text model with its output projection, which is the embedding in all published releases. Of a checkpoint of the whole model it takes what stands below
/// <c>model.language_model.</c> and leaves images and sounds alone. Source: transformers, <c>modeling_gemma4.py</c>, <c>Gemma4ForCausalLM</c>.
/// </summary>
/// <remarks>Published checkpoints say <c>model.language_model.</c>, those of the text model alone <c>model.</c>: the convention <c>text</c>.</remarks>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "model.language_model.embed_tokens.weight")]
[Ignore("model.vision_tower.**", Optional = true)]
[Ignore("model.embed_vision.**", Optional = true)]
[Ignore("model.audio_tower.**", Optional = true)]
[Ignore("model.embed_audio.**", Optional = true)]
[ConformsTo("gemma-4-e2b-it.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("gemma-4-26b-a4b.tensors.json", "tp2", "tp4 ep8")]
public sealed partial class Gemma4ForCausalLM : CausalLM, IModelFamily<Gemma4ForCausalLM>
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public Gemma4ForCausalLM(Gemma4Config config)
        : base(nameof(Gemma4ForCausalLM))
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        Model = new Gemma4Model(config);
        if (!config.Decoder.TieWordEmbeddings) LmHead = new TokenHead(config.Decoder.VocabSize, config.Decoder.HiddenSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["gemma4", "gemma4_text"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => ["Gemma4ForConditionalGeneration", nameof(Gemma4ForCausalLM)];

    // What children share, for who compares the map with a published list.
    [Axis]
    private int Vocab => Config.Decoder.VocabSize;

    [Axis]
    private int Hidden => Config.Decoder.HiddenSize;

    /// <summary>The configuration that the model was made from.</summary>
    public Gemma4Config Config { get; }

    /// <summary>Embedding, layers and the last norm.</summary>
    [CheckpointName("model.language_model"), CheckpointName("model", Convention = "text")]
    public Gemma4Model Model { get; }

    /// <summary>The output projection; null where it is the embedding.</summary>
    [Child(typeof(TokenHead))]
    public Module<Tensor, Tensor>? LmHead { get; private set; }

    /// <inheritdoc/>
    public override int BlockCount => Model.Layers.Count;

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Gemma4ForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, Gemma4ConfigReader.Read));

    /// <inheritdoc/>
    protected override Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Model.call(inputIds, start, states);

    /// <inheritdoc/>
    protected override Tensor Head(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var logits = LmHead?.call(hidden) ?? Model.EmbedTokens.Logits(hidden);
        return (Config.FinalLogitSoftcapping is { } cap ? logits.Over(cap).tanh().Times(cap) : logits).MoveToOuterDisposeScope();
    }
}
