using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>
/// DeepSeek-V4: several residual streams, attention over compressed entries, experts chosen by tables of tokens in the first layers. The names are those of the published checkpoints; the layers that predict
/// further tokens are left alone. Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4ForCausalLM</c>.
/// </summary>
[ParameterModule]
[CheckpointAlias("head.weight", "embed.weight")]
[Ignore("mtp.**", Optional = true)]
[ConformsTo("deepseek-v4-flash.tensors.json", "tp2", "tp4 ep8")]
public sealed partial class DeepseekV4ForCausalLM : CausalLM, IModelFamily<DeepseekV4ForCausalLM>
{
    // By what layers find the tokens themselves.
    internal const string Tokens = "the tokens";

    /// <summary>Makes the model; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public DeepseekV4ForCausalLM(DeepseekV4Config config)
        : base(nameof(DeepseekV4ForCausalLM))
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Config = config;
        var (decoder, near, far) = (config.Decoder, config.NearRotary(), config.FarRotary());
        Embed = new TokenEmbedding(decoder.VocabSize, decoder.HiddenSize);
        Layers = new ModuleList<DeepseekV4DecoderLayer>([.. config.Layers.Select(layer => new DeepseekV4DecoderLayer(config, layer, layer.Compression == DeepseekV4Compression.None ? near : far))]);
        Norm = new RmsNorm(decoder.HiddenSize, decoder.RmsNormEps);
        if (!decoder.TieWordEmbeddings) Output = new TokenHead(decoder.VocabSize, decoder.HiddenSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["deepseek_v4"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(DeepseekV4ForCausalLM)];

    // What children share, for who compares the map with a published list.
    [Axis]
    private int Vocab => Config.Decoder.VocabSize;

    [Axis]
    private int Hidden => Config.Decoder.HiddenSize;

    [Axis]
    private int Choices => Config.NumExpertsPerTok;

    /// <summary>The configuration that the model was made from.</summary>
    public DeepseekV4Config Config { get; }

    /// <summary>The number of residual streams.</summary>
    [Axis]
    public int Streams => Config.HcMult;

    /// <summary>The width of all streams together.</summary>
    [Axis]
    public int AllStreams => Config.HcMult * Config.Decoder.HiddenSize;

    /// <summary>The embedding.</summary>
    public TokenEmbedding Embed { get; }

    /// <summary>The layers.</summary>
    public ModuleList<DeepseekV4DecoderLayer> Layers { get; }

    /// <summary>The last norm.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> Norm { get; private set; }

    /// <summary>The output projection; null where it is the embedding.</summary>
    [CheckpointName("head")]
    [Child(typeof(TokenHead))]
    public Module<Tensor, Tensor>? Output { get; private set; }

    /// <summary>What makes the weights of the streams at the end, [streams all_streams]; float32 in a model of any type, as are the two below.</summary>
    [Parameter("streams all_streams", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_head_fn", "streams all_streams")]
    public partial Parameter HcHeadFn { get; private set; }

    /// <summary>What is added to them, [streams].</summary>
    [Parameter("streams", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_head_base", "streams")]
    public partial Parameter HcHeadBase { get; private set; }

    /// <summary>What they are multiplied with before, [1].</summary>
    [Parameter("1", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_head_scale", "1")]
    public partial Parameter HcHeadScale { get; private set; }

    /// <inheritdoc/>
    public override int BlockCount => Layers.Count;

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static DeepseekV4ForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, DeepseekV4ConfigReader.Read));

    /// <summary>Runs the model and keeps what lies between the layers.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>The embedding and the output of each layer, [batch sequence streams hidden] each; the last one is [batch sequence hidden], after the last norm, as in transformers.</returns>
    public IReadOnlyList<Tensor> HiddenStates(Tensor inputIds)
    {
        var between = new List<Tensor>(Layers.Count + 1);
        between.Add(Run(inputIds, 0, null, between));
        return between;
    }

    /// <inheritdoc/>
    protected override Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Run(inputIds, start, states, null);

    /// <inheritdoc/>
    protected override Tensor Head(Tensor hidden) => Output?.call(hidden) ?? Embed.Logits(hidden);

    private Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states, List<Tensor>? between)
    {
        using var scope = NewDisposeScope();
        var embedded = Embed.call(inputIds);
        using var positions = new Positions(start, embedded.shape[1], embedded.device);
        positions.Leave(Tokens, inputIds.to(embedded.device));
        var streams = embedded.unsqueeze(2).expand(-1, -1, Streams, -1).contiguous();
        var hidden = LayerRun.Through([.. Layers], streams, positions, states, between);
        GC.KeepAlive(inputIds);
        return Norm.call(Config.Connections().Last(hidden, HcHeadFn, HcHeadBase, HcHeadScale)).MoveToOuterDisposeScope();
    }
}
