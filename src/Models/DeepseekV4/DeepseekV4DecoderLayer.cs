using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>One layer: attention and a mixture of experts, each between several residual streams. Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4DecoderLayer</c>.</summary>
[ParameterModule]
public sealed partial class DeepseekV4DecoderLayer : Module<Tensor, Positions, IBlockState?, Tensor>
{
    // Weights for reading the streams, for writing to them, for mixing them.
    [Axis]
    private const int Uses = 3;

    private readonly DeepseekV4Config _config;

    /// <summary>Makes the layer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layer">What the layer is.</param>
    /// <param name="rotary">How its queries and keys are turned.</param>
    public DeepseekV4DecoderLayer(DeepseekV4Config config, DeepseekV4LayerConfig layer, RotaryEmbedding rotary)
        : base(nameof(DeepseekV4DecoderLayer))
    {
        var (hidden, eps) = (config.Decoder.HiddenSize, config.Decoder.RmsNormEps);
        _config = config;
        Attn = new DeepseekV4Attention(config, layer.Compression, rotary);
        Ffn = new DeepseekV4Moe(config, layer.HasTable);
        (AttnNorm, FfnNorm) = (new RmsNorm(hidden, eps), new RmsNorm(hidden, eps));
        RegisterComponents();
    }

    /// <summary>The number of weights that connect the streams: one of each for reading and for writing, and one of each two for mixing.</summary>
    [Axis]
    public int Connections => (2 + _config.HcMult) * _config.HcMult;

    /// <summary>The width of all streams together.</summary>
    [Axis]
    public int AllStreams => _config.HcMult * _config.Decoder.HiddenSize;

    /// <summary>The norm before attention.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> AttnNorm { get; private set; }

    /// <summary>Attention.</summary>
    [Child(typeof(DeepseekV4Attention))]
    public Module<Tensor, Positions, IBlockState?, Tensor> Attn { get; private set; }

    /// <summary>The norm before the mixture of experts.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> FfnNorm { get; private set; }

    /// <summary>The mixture of experts.</summary>
    [Child(typeof(DeepseekV4Moe))]
    public Module<Tensor, Tensor, Tensor> Ffn { get; private set; }

    /// <summary>What makes the weights around attention, [connections all_streams]; float32 in a model of any type, as are the five below.</summary>
    [Parameter("connections all_streams", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_attn_fn", "connections all_streams")]
    public partial Parameter HcAttnFn { get; private set; }

    /// <summary>What is added to them, [connections].</summary>
    [Parameter("connections", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_attn_base", "connections")]
    public partial Parameter HcAttnBase { get; private set; }

    /// <summary>What they are multiplied with before, [uses].</summary>
    [Parameter("uses", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_attn_scale", "uses")]
    public partial Parameter HcAttnScale { get; private set; }

    /// <summary>What makes the weights around the mixture of experts, [connections all_streams].</summary>
    [Parameter("connections all_streams", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_ffn_fn", "connections all_streams")]
    public partial Parameter HcFfnFn { get; private set; }

    /// <summary>What is added to them, [connections].</summary>
    [Parameter("connections", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_ffn_base", "connections")]
    public partial Parameter HcFfnBase { get; private set; }

    /// <summary>What they are multiplied with before, [uses].</summary>
    [Parameter("uses", Type = ScalarType.Float32)]
    [FromCheckpoint("hc_ffn_scale", "uses")]
    public partial Parameter HcFfnScale { get; private set; }

    /// <summary>Runs the layer.</summary>
    /// <param name="hidden">[batch sequence streams hidden]</param>
    /// <param name="positions">Where the tokens stand, and which they are.</param>
    /// <param name="state">What the attention keeps of the tokens before, or null.</param>
    /// <returns>[batch sequence streams hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var connections = _config.Connections();
        var between = connections.Around(hidden, HcAttnFn, HcAttnBase, HcAttnScale, stream => Attn.call(AttnNorm.call(stream), positions, state));
        var inputIds = positions.Left(DeepseekV4ForCausalLM.Tokens)[0];
        return connections.Around(between, HcFfnFn, HcFfnBase, HcFfnScale, stream => Ffn.call(FfnNorm.call(stream), inputIds)).MoveToOuterDisposeScope();
    }
}
