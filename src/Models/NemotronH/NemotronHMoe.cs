using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.NemotronH;

/// <summary>
/// A mixture of experts: sigmoids of the logits, chosen by their sum with a bias that the weights leave out; experts may work in a narrower width between two projections. Beside them is one that
/// every token visits. The router computes in float32, and its bias is float32 in a model of any type.
/// Source: transformers, <c>modeling_nemotron_h.py</c>, <c>NemotronHMoE</c> and <c>NemotronHTopkRouter</c>.
/// </summary>
[ParameterModule]
public sealed partial class NemotronHMoe : Module<Tensor, Tensor>
{
    private readonly NemotronHMoeConfig _config;

    /// <summary>Makes the mixture; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="config">The sizes.</param>
    public NemotronHMoe(int hidden, NemotronHMoeConfig config)
        : base(nameof(NemotronHMoe))
    {
        (Hidden, _config) = (hidden, config);
        Experts = new NemotronHExperts(config.Experts, HasLatent ? Latent : hidden, config.Intermediate);
        SharedExperts = new NemotronHMlp(hidden, config.SharedIntermediate);
        RegisterComponents();
    }

    /// <summary>The number of experts; the router has all of them on every rank.</summary>
    [Axis]
    public int AllExperts => _config.Experts;

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The width in which experts work, where it is not that of the residual stream.</summary>
    [Axis]
    public int Latent => _config.Latent ?? 1;

    /// <summary>Whether experts work in a width of their own.</summary>
    public bool HasLatent => _config.Latent is not null;

    /// <summary>The router, [all_experts hidden]. Some releases have it in float32, and it is rounded where the model is narrower, as in transformers.</summary>
    [Parameter("all_experts hidden")]
    [FromCheckpoint("gate.weight", "all_experts hidden", Cast = true)]
    public partial Parameter GateWeight { get; private set; }

    /// <summary>What is added to the sigmoids for the choice, [all_experts].</summary>
    [Parameter("all_experts", Type = ScalarType.Float32)]
    [FromCheckpoint("gate.e_score_correction_bias", "all_experts")]
    public partial Parameter CorrectionBias { get; private set; }

    /// <summary>The projection to the width of the experts, [latent hidden], or null.</summary>
    [Parameter("latent hidden", When = nameof(HasLatent))]
    [FromCheckpoint("fc1_latent_proj.weight", "latent hidden")]
    [FromCheckpoint("fc1_latent_proj.weight", "latent hidden", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("fc1_latent_proj.weight", "latent hidden", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter? LatentInWeight { get; private set; }

    /// <summary>The projection back, [hidden latent], or null.</summary>
    [Parameter("hidden latent", When = nameof(HasLatent))]
    [FromCheckpoint("fc2_latent_proj.weight", "hidden latent")]
    [FromCheckpoint("fc2_latent_proj.weight", "hidden latent", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("fc2_latent_proj.weight", "hidden latent", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter? LatentOutWeight { get; private set; }

    /// <summary>The experts.</summary>
    [Child(typeof(NemotronHExperts), Axes = "experts = all_experts")]
    public Module<Tensor, Tensor, Tensor, Tensor> Experts { get; private set; }

    /// <summary>The one that every token visits.</summary>
    [Child(typeof(NemotronHMlp))]
    public Module<Tensor, Tensor> SharedExperts { get; private set; }

    /// <summary>Runs the mixture.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var tokens = hidden.reshape(-1, Hidden);
        var wide = tokens.to(ScalarType.Float32);
        var scores = Parameters.GateWeight.Adapted(wide, functional.linear(wide, Parameters.GateWeight.Value.to(ScalarType.Float32))).sigmoid();
        var chosen = scores.Plus(CorrectionBias).topk(_config.Choices, dim: -1).indexes;
        var weights = scores.gather(-1, chosen);
        if (_config.NormTopkProb) weights /= weights.sum(-1, keepdim: true).Plus(1e-20);
        var given = HasLatent ? Parameters.LatentInWeight.Linear(tokens) : tokens;
        var routed = Experts.call(given, chosen, weights.Times(_config.RoutedScalingFactor).to(hidden.dtype));
        if (HasLatent) routed = Parameters.LatentOutWeight.Linear(routed);
        return routed.Plus(SharedExperts.call(tokens)).reshape(hidden.shape).MoveToOuterDisposeScope();
    }
}
