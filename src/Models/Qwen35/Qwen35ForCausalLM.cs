using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen35;

/// <summary>
/// The text model of Qwen3.5, with feed-forward blocks or with mixtures of experts: gated delta nets, and full attention in between. Of a published checkpoint of the whole
/// model it leaves alone the vision part and the prediction of several tokens.
/// Source: transformers, <c>modeling_qwen3_5.py</c>, <c>Qwen3_5ForCausalLM</c>; <c>modeling_qwen3_5_moe.py</c>, <c>Qwen3_5MoeForCausalLM</c>.
/// </summary>
/// <remarks>Published checkpoints say <c>model.language_model.</c>, those of the text model alone <c>model.</c>: the convention <c>text</c>.</remarks>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "model.language_model.embed_tokens.weight")]
[Ignore("model.visual.**", Optional = true)]
[Ignore("mtp.**", Optional = true)]
[ConformsTo("qwen3.5-0.8b.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("qwen3.5-35b-a3b.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("qwen3.5-35b-a3b-gptq-int4.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("qwen3.5-122b-a10b-fp8.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("qwen3.5-122b-a10b-nvfp4.tensors.json", "tp2", "tp4 ep8")]
public sealed partial class Qwen35ForCausalLM : CausalLM, IModelFamily<Qwen35ForCausalLM>
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public Qwen35ForCausalLM(Qwen35Config config)
        : base(nameof(Qwen35ForCausalLM))
    {
        config.Validate();
        Config = config;
        Model = new Qwen35Model(config);
        if (!config.Decoder.TieWordEmbeddings) LmHead = new TokenHead(config.Decoder.VocabSize, config.Decoder.HiddenSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => ["Qwen3_5ForConditionalGeneration", "Qwen3_5ForCausalLM", "Qwen3_5MoeForConditionalGeneration", "Qwen3_5MoeForCausalLM"];

    // What children share, for who compares the map with a published list.
    [Axis]
    private int Vocab => Config.Decoder.VocabSize;

    [Axis]
    private int Hidden => Config.Decoder.HiddenSize;

    [Axis]
    private int Kernel => Config.DeltaNet.Kernel;

    /// <summary>The configuration that the model was made from.</summary>
    public Qwen35Config Config { get; }

    /// <summary>Embedding, layers and the last norm.</summary>
    [CheckpointName("model.language_model"), CheckpointName("model", Convention = "text")]
    public Qwen35Model Model { get; }

    /// <summary>The output projection; null where it is the embedding.</summary>
    [Child(typeof(TokenHead))]
    public Module<Tensor, Tensor>? LmHead { get; private set; }

    /// <inheritdoc/>
    public override int BlockCount => Model.Layers.Count;

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen35ForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, Qwen35Config.Read));

    /// <inheritdoc/>
    protected override Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Model.call(inputIds, start, states);

    /// <inheritdoc/>
    protected override Tensor Head(Tensor hidden) => LmHead?.call(hidden) ?? Model.EmbedTokens.Logits(hidden);
}
