using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen35;

/// <summary>
/// Linear attention: queries, keys and values behind a short convolution, the gated delta rule, a norm of each head with a gate. Value heads are divided over
/// tensor-parallel ranks, and a rank has the query and key heads that they read.
/// Source: transformers, <c>modeling_qwen3_5.py</c>, <c>Qwen3_5GatedDeltaNet</c>.
/// </summary>
[ParameterModule]
public sealed partial class GatedDeltaNet : Module<Tensor, Positions, IBlockState?, Tensor>
{
    // What is added to the squares of queries and keys, as the source has it.
    private const double UnitEps = 1e-6;

    private readonly DeltaNetConfig _config;
    private readonly double _eps;

    /// <summary>Makes the block; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="normEps">What the norm adds to the mean square.</param>
    public GatedDeltaNet(int hidden, DeltaNetConfig config, double normEps)
        : base(nameof(GatedDeltaNet))
    {
        (Hidden, _config, _eps) = (hidden, config, normEps);
        RegisterComponents();
    }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The number of value heads.</summary>
    [Axis(Shard.Tensor)]
    public int ValueHeads => _config.ValueHeads;

    /// <summary>The number of query and key heads; each serves as many value heads.</summary>
    [Axis(Follows = nameof(ValueHeads))]
    public int KeyHeads => _config.KeyHeads;

    /// <summary>The width of a query or key head.</summary>
    [Axis]
    public int KeyDim => _config.KeyDim;

    /// <summary>The width of a value head.</summary>
    [Axis]
    public int ValueDim => _config.ValueDim;

    /// <summary>How many tokens the convolution sees.</summary>
    [Axis]
    public int Kernel => _config.Kernel;

    /// <summary>
    /// Queries, keys and values, what gates them (z), how much of the state they replace (b) and how fast it decays (a),
    /// [(q: key_heads key_dim + k: key_heads key_dim + v: value_heads value_dim + z: value_heads value_dim + b: value_heads + a: value_heads) hidden].
    /// </summary>
    [Parameter("(q: key_heads key_dim + k: key_heads key_dim + v: value_heads value_dim + z: value_heads value_dim + b: value_heads + a: value_heads) hidden")]
    [FromCheckpoint("in_proj_qkv.weight", "(q: key_heads key_dim + k: key_heads key_dim + v: value_heads value_dim) hidden")]
    [FromCheckpoint("in_proj_z.weight", "(value_heads value_dim) hidden", Part = "z")]
    [FromCheckpoint("in_proj_b.weight", "value_heads hidden", Part = "b")]
    [FromCheckpoint("in_proj_a.weight", "value_heads hidden", Part = "a")]
    [FromCheckpoint("in_proj_qkv.weight", "(q: key_heads key_dim + k: key_heads key_dim + v: value_heads value_dim) hidden", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("in_proj_z.weight", "(value_heads value_dim) hidden", Part = "z", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("in_proj_b.weight", "value_heads hidden", Part = "b", Format = "fp8")]
    [FromCheckpoint("in_proj_a.weight", "value_heads hidden", Part = "a", Format = "fp8")]
    public partial Parameter InWeight { get; private set; }

    /// <summary>The convolution over queries, keys and values, [(q: key_heads key_dim + k: key_heads key_dim + v: value_heads value_dim) 1 kernel].</summary>
    [Parameter("(q: key_heads key_dim + k: key_heads key_dim + v: value_heads value_dim) 1 kernel")]
    [FromCheckpoint("conv1d.weight", "(q: key_heads key_dim + k: key_heads key_dim + v: value_heads value_dim) 1 kernel")]
    public partial Parameter ConvWeight { get; private set; }

    /// <summary>What is added to a before it is a time, [value_heads].</summary>
    [Parameter("value_heads")]
    [FromCheckpoint("dt_bias", "value_heads")]
    public partial Parameter DtBias { get; private set; }

    /// <summary>The logarithm of how fast each state decays, [value_heads]. Some releases have it in float32, some in bfloat16.</summary>
    [Parameter("value_heads", Type = ScalarType.Float32)]
    [FromCheckpoint("A_log", "value_heads")]
    public partial Parameter ALog { get; private set; }

    /// <summary>The weight of the norm of each value head, [value_dim]; of types as the one before.</summary>
    [Parameter("value_dim", Type = ScalarType.Float32)]
    [FromCheckpoint("norm.weight", "value_dim")]
    public partial Parameter NormWeight { get; private set; }

    /// <summary>The output projection, [hidden (value_heads value_dim)].</summary>
    [Parameter("hidden (value_heads value_dim)")]
    [FromCheckpoint("out_proj.weight", "hidden (value_heads value_dim)")]
    [FromCheckpoint("out_proj.weight", "hidden (value_heads value_dim)", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter OutWeight { get; private set; }

    /// <summary>Runs the block.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The end of the convolution's input and the state of each head, [(batch value_heads) key_dim value_dim], or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        SeenTokens.Require(positions, state);
        using var scope = NewDisposeScope();
        var (keys, values) = (Parameters.Held("key_heads").Length, Parameters.Held("value_heads").Length);
        var (keyWidth, valueWidth) = (keys * KeyDim, values * ValueDim);
        var all = Parameters.InWeight.Linear(hidden).split([(2 * keyWidth) + valueWidth, valueWidth, values, values], -1);
        var mixed = CausalConvolution.Run(all[0], ConvWeight, null, state).split([keyWidth, keyWidth, valueWidth], -1);
        var decay = StepSizes.Softplus(all[3].to(ScalarType.Float32).Plus(DtBias.to(ScalarType.Float32))) * ALog.exp().neg();

        var (query, key) = (Unit(Heads(mixed[0], keys)).Times(1 / Math.Sqrt(KeyDim)), Unit(Heads(mixed[1], keys)));
        var reads = Parameters.Reads("value_heads", "key_heads");
        var before = state?.Get("heads") ?? zeros([hidden.shape[0] * values, KeyDim, ValueDim], ScalarType.Float32, hidden.device);
        var (read, after) = Recurrence.Over(
            Flat(Layers.KeyHeads.ForEachQuery(query, reads)), Flat(Layers.KeyHeads.ForEachQuery(key, reads)), Flat(Heads(mixed[2], values)), Flat(Heads(decay, values)).squeeze(-1), Flat(Heads(all[2].sigmoid(), values)).squeeze(-1), before);
        state?.Set("heads", after);
        SeenTokens.Add(positions, state);

        var tokens = read.view(hidden.shape[0], values, hidden.shape[1], ValueDim).transpose(1, 2).to(hidden.dtype);
        var gate = functional.silu(all[1].to(ScalarType.Float32)).view(tokens.shape);
        var gated = (Normalisation.Rms(tokens, NormWeight, _eps) * gate).to(hidden.dtype).reshape(hidden.shape[0], hidden.shape[1], valueWidth);
        return Ranks.Sum(Parameters, Parameters.OutWeight.Linear(gated)).MoveToOuterDisposeScope();
    }

    /// <summary>[batch sequence (heads width)] to [batch heads sequence width], in float32.</summary>
    private static Tensor Heads(Tensor x, int heads) => x.reshape(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2).to(ScalarType.Float32);

    /// <summary>[batch heads sequence width] to [(batch heads) sequence width].</summary>
    private static Tensor Flat(Tensor heads) => heads.reshape(heads.shape[0] * heads.shape[1], heads.shape[2], heads.shape[3]);

    private static Tensor Unit(Tensor heads) => heads * (heads * heads).sum(-1, keepdim: true).Plus(UnitEps).rsqrt();
}
