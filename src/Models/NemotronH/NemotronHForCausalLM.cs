using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.NemotronH;

/// <summary>
/// Nemotron-H and Nemotron 3: layers of Mamba-2, attention, mixtures and feed-forward blocks, in the order of a pattern. The prediction of several tokens and the scales of caches are left alone.
/// Source: transformers, <c>modeling_nemotron_h.py</c>, <c>NemotronHForCausalLM</c>.
/// </summary>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "backbone.embeddings.weight")]
[Ignore("mtp.**", Optional = true)]
[Ignore("backbone.layers.*.mixer.k_proj.k_scale", Optional = true)]
[Ignore("backbone.layers.*.mixer.v_proj.v_scale", Optional = true)]
[Without("Backbone.Layers.Mixer.QNorm", "Backbone.Layers.Mixer.KNorm", "Backbone.Layers.Mixer.QNormWeight", "Backbone.Layers.Mixer.KNormWeight", "Backbone.Layers.Mixer.Sinks", "Backbone.Layers.Mixer.QkvBias", "Backbone.Layers.Mixer.OBias")]
[ConformsTo("nemotron-h-8b-base-8k.tensors.json", "tp2", "tp4 ep8", Config = "nemotron-h-8b-base-8k.config.json")]
[ConformsTo("nemotron-3-nano-30b-a3b-bf16.tensors.json", "tp2", "tp4 ep8", Config = "nemotron-3-nano-30b-a3b-bf16.config.json")]
[ConformsTo("nemotron-3-nano-30b-a3b-nvfp4.tensors.json", "tp2", "tp4 ep8", Config = "nemotron-3-nano-30b-a3b-nvfp4.config.json")]
[ConformsTo("nemotron-3-super-120b-a12b-nvfp4.tensors.json", "tp2", "tp4 ep8", Config = "nemotron-3-super-120b-a12b-nvfp4.config.json")]
public sealed partial class NemotronHForCausalLM : CausalLM, IModelFamily<NemotronHForCausalLM>
{
    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public NemotronHForCausalLM(NemotronHConfig config)
        : base(nameof(NemotronHForCausalLM))
    {
        config.Validate();
        Config = config;
        Backbone = new NemotronHModel(config);
        if (!config.TieWordEmbeddings) LmHead = new TokenHead(config.VocabSize, config.HiddenSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["nemotron_h"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(NemotronHForCausalLM)];

    // What children share, for who compares the map with a published list.
    [Axis]
    private int Vocab => Config.VocabSize;

    [Axis]
    private int Hidden => Config.HiddenSize;

    [Axis]
    private int Kernel => Config.Mamba.Kernel;

    /// <summary>The configuration that the model was made from.</summary>
    public NemotronHConfig Config { get; }

    /// <summary>Embedding, layers and the last norm.</summary>
    public NemotronHModel Backbone { get; }

    /// <summary>The output projection; null where it is the embedding.</summary>
    [Child(typeof(TokenHead))]
    public Module<Tensor, Tensor>? LmHead { get; private set; }

    /// <inheritdoc/>
    public override int BlockCount => Backbone.Layers.Count;

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static NemotronHForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, NemotronHConfig.Read));

    /// <inheritdoc/>
    protected override Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Backbone.call(inputIds, start, states);

    /// <inheritdoc/>
    protected override Tensor Head(Tensor hidden) => LmHead?.call(hidden) ?? Backbone.Embeddings.Logits(hidden);
}
