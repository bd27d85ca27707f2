using System.Collections.Immutable;
using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.NemotronH;

/// <summary>
/// Mamba-2: inputs x, keys B and queries C behind a short convolution, a state of each head, and a norm of each group with a gate. Heads are divided over tensor-parallel ranks, and a rank has
/// the groups that they read. Steps have no shortest time, as in the published code and its decoding; transformers has one of <c>time_step_min</c> where it begins.
/// Source: transformers, <c>modeling_nemotron_h.py</c>, <c>NemotronHMamba2Mixer</c>; arXiv 2405.21060.
/// </summary>
[ParameterModule]
public sealed partial class NemotronHMixer : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly MambaConfig _config;
    private readonly double _eps;

    /// <summary>Makes the block; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="normEps">What the norm adds to the mean square.</param>
    public NemotronHMixer(int hidden, MambaConfig config, double normEps)
        : base(nameof(NemotronHMixer))
    {
        (Hidden, _config, _eps) = (hidden, config, normEps);
        RegisterComponents();
    }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The number of heads.</summary>
    [Axis(Shard.Tensor)]
    public int Heads => _config.Heads;

    /// <summary>The number of groups; the heads of one read the same B and C, and are normalised together.</summary>
    [Axis(Follows = nameof(Heads))]
    public int Groups => _config.Groups;

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim => _config.HeadDim;

    /// <summary>The width of B and C.</summary>
    [Axis]
    public int State => _config.State;

    /// <summary>How many tokens the convolution sees.</summary>
    [Axis]
    public int Kernel => _config.Kernel;

    /// <summary>Whether the convolution has a bias.</summary>
    public bool HasConvBias => _config.HasConvBias;

    /// <summary>Gates (z), inputs (x), keys (b), queries (c) and times (dt), [(z: heads head_dim + x: heads head_dim + b: groups state + c: groups state + dt: heads) hidden].</summary>
    [Parameter("(z: heads head_dim + x: heads head_dim + b: groups state + c: groups state + dt: heads) hidden")]
    [FromCheckpoint("in_proj.weight", "(z: heads head_dim + x: heads head_dim + b: groups state + c: groups state + dt: heads) hidden")]
    [FromCheckpoint("in_proj.weight", "(z: heads head_dim + x: heads head_dim + b: groups state + c: groups state + dt: heads) hidden", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("in_proj.weight", "(z: heads head_dim + x: heads head_dim + b: groups state + c: groups state + dt: heads) hidden", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter InWeight { get; private set; }

    /// <summary>The convolution over inputs, keys and queries, [(x: heads head_dim + b: groups state + c: groups state) 1 kernel].</summary>
    [Parameter("(x: heads head_dim + b: groups state + c: groups state) 1 kernel")]
    [FromCheckpoint("conv1d.weight", "(x: heads head_dim + b: groups state + c: groups state) 1 kernel")]
    public partial Parameter ConvWeight { get; private set; }

    /// <summary>Its bias, [(x: heads head_dim + b: groups state + c: groups state)], or null.</summary>
    [Parameter("(x: heads head_dim + b: groups state + c: groups state)", When = nameof(HasConvBias))]
    [FromCheckpoint("conv1d.bias", "(x: heads head_dim + b: groups state + c: groups state)")]
    public partial Parameter? ConvBias { get; private set; }

    /// <summary>What is added to dt before it is a time, [heads].</summary>
    [Parameter("heads")]
    [FromCheckpoint("dt_bias", "heads")]
    public partial Parameter DtBias { get; private set; }

    /// <summary>The logarithm of how fast each state decays, [heads]. Some releases have it in float32, some in bfloat16.</summary>
    [Parameter("heads", Type = ScalarType.Float32)]
    [FromCheckpoint("A_log", "heads")]
    public partial Parameter ALog { get; private set; }

    /// <summary>How much of its input each head adds to what it read, [heads]; of types as the one before.</summary>
    [Parameter("heads", Type = ScalarType.Float32)]
    [FromCheckpoint("D", "heads")]
    public partial Parameter Skip { get; private set; }

    /// <summary>The weight of the norm, [(heads head_dim)].</summary>
    [Parameter("(heads head_dim)")]
    [FromCheckpoint("norm.weight", "(heads head_dim)", Cast = true)]
    public partial Parameter NormWeight { get; private set; }

    /// <summary>The output projection, [hidden (heads head_dim)].</summary>
    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("out_proj.weight", "hidden (heads head_dim)")]
    [FromCheckpoint("out_proj.weight", "hidden (heads head_dim)", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("out_proj.weight", "hidden (heads head_dim)", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter OutWeight { get; private set; }

    /// <summary>Runs the block.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The end of the convolution's input and the state of each head, [(batch heads) state head_dim], or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        SeenTokens.Require(positions, state);
        using var scope = NewDisposeScope();
        var (heads, groups) = (Parameters.Held("heads"), Parameters.Held("groups").Length);
        var (width, groupWidth) = (heads.Length * HeadDim, groups * State);
        var all = Parameters.InWeight.Linear(hidden).split([width, width + (2 * groupWidth), heads.Length], -1);
        var mixed = CausalConvolution.Run(all[1], ConvWeight, ConvBias, state).split([width, groupWidth, groupWidth], -1);
        var times = StepSizes.Softplus(all[2].to(ScalarType.Float32).Plus(DtBias.to(ScalarType.Float32))).transpose(1, 2);

        var inputs = ByHead(mixed[0], heads.Length);
        var reads = Parameters.Reads("heads", "groups");
        var before = state?.Get("heads") ?? zeros([hidden.shape[0] * heads.Length, State, HeadDim], ScalarType.Float32, hidden.device);
        var (read, after) = Recurrence.Over(
            Flat(KeyHeads.ForEachQuery(ByHead(mixed[2], groups), reads)),
            Flat(KeyHeads.ForEachQuery(ByHead(mixed[1], groups), reads)),
            Flat(inputs * times.unsqueeze(-1)),
            (times * ALog.exp().neg().unsqueeze(-1)).reshape(-1, hidden.shape[1]),
            null,
            before);
        state?.Set("heads", after);
        SeenTokens.Add(positions, state);

        var outputs = read.view(inputs.shape).Plus(inputs * Skip.view(-1, 1, 1)).transpose(1, 2);
        var normed = Normed(outputs * functional.silu(all[0].to(ScalarType.Float32)).view(outputs.shape), heads).reshape(hidden.shape[0], hidden.shape[1], width) * NormWeight;
        return Ranks.Sum(Parameters, Parameters.OutWeight.Linear(normed.to(hidden.dtype))).MoveToOuterDisposeScope();
    }

    /// <summary>x / sqrt(mean(x^2) + eps) over the heads of a group, some of which may lie on other ranks. Source: transformers, <c>modeling_zamba2.py</c>, <c>Zamba2RMSNormGated</c>.</summary>
    /// <param name="x">[batch sequence heads head_dim], float32.</param>
    /// <param name="heads">The heads that the rank holds.</param>
    private Tensor Normed(Tensor x, ImmutableArray<long> heads)
    {
        var group = tensor(heads.Select(head => head * Groups / Heads).ToArray(), device: x.device);
        var sums = zeros([x.shape[0], x.shape[1], Groups], ScalarType.Float32, x.device).index_add(-1, group, (x * x).sum(-1), Numbers.One);

        // Where ranks have whole groups, no rank needs what the others have.
        if (Groups % Parameters.Topology.TensorSize != 0) sums = Ranks.Sum(Parameters, sums);
        return x * sums.Over(Heads / Groups * HeadDim).Plus(_eps).rsqrt().index_select(-1, group).unsqueeze(-1);
    }

    /// <summary>[batch sequence (heads width)] to [batch heads sequence width], in float32.</summary>
    private static Tensor ByHead(Tensor x, int heads) => x.reshape(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2).to(ScalarType.Float32);

    /// <summary>[batch heads sequence width] to [(batch heads) sequence width].</summary>
    private static Tensor Flat(Tensor heads) => heads.reshape(heads.shape[0] * heads.shape[1], heads.shape[2], heads.shape[3]);
}
