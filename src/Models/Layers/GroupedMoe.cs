using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// A mixture of experts: sigmoids of the logits, chosen by their sum with a bias that the weights leave out, first the groups with the two largest, then experts in them; beside them
/// a feed-forward block that every token visits. The router computes in float32, and its bias is float32 in a model of any type.
/// Source: transformers, <c>modeling_deepseek_v3.py</c>, <c>DeepseekV3MoE</c> and <c>DeepseekV3TopkRouter</c>.
/// </summary>
[ParameterModule]
public sealed partial class GroupedMoe : Module<Tensor, Tensor>
{
    private readonly LatentConfig _config;

    /// <summary>Makes the mixture; the values are not initialised.</summary>
    public GroupedMoe(LatentConfig config)
        : base(nameof(GroupedMoe))
    {
        var mixture = config.Mixture;
        (_config, AllExperts, Hidden) = (config, mixture.NumExperts, mixture.Decoder.HiddenSize);
        Experts = new RoutedExperts(mixture.NumExperts, Hidden, mixture.MoeIntermediateSize);
        if (config.NSharedExperts > 0) SharedExperts = new GatedMlp(Hidden, mixture.MoeIntermediateSize * config.NSharedExperts);
        RegisterComponents();
    }

    /// <summary>The number of experts; the router has all of them on every rank.</summary>
    [Axis]
    public int AllExperts { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The router, [all_experts hidden].</summary>
    [Parameter("all_experts hidden")]
    [FromCheckpoint("gate.weight", "all_experts hidden", Cast = true)]
    public partial Parameter GateWeight { get; private set; }

    /// <summary>What is added to the sigmoids for the choice, [all_experts].</summary>
    [Parameter("all_experts", Type = ScalarType.Float32)]
    [FromCheckpoint("gate.e_score_correction_bias", "all_experts")]
    public partial Parameter CorrectionBias { get; private set; }

    /// <summary>The experts.</summary>
    [Child(typeof(RoutedExperts), Axes = "experts = all_experts")]
    public Module<Tensor, Tensor, Tensor, Tensor> Experts { get; private set; }

    /// <summary>The feed-forward block that every token visits, or null.</summary>
    [CheckpointName("shared_experts")]
    [Child(typeof(GatedMlp))]
    public Module<Tensor, Tensor>? SharedExperts { get; private set; }

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
        var chosen = OfTheBestGroups(scores.Plus(CorrectionBias)).topk(_config.Mixture.NumExpertsPerTok, dim: -1).indexes;
        var weights = scores.gather(-1, chosen);
        if (_config.Mixture.NormTopkProb) weights /= weights.sum(-1, keepdim: true).Plus(1e-20);
        var routed = Experts.call(tokens, chosen, weights.Times(_config.RoutedScalingFactor).to(hidden.dtype)).reshape(hidden.shape);
        return (SharedExperts is { } shared ? routed.Plus(shared.call(hidden)) : routed).MoveToOuterDisposeScope();
    }

    /// <summary>The same scores, and negative infinity for experts whose group is not among the best.</summary>
    private Tensor OfTheBestGroups(Tensor scores)
    {
        if (_config.TopkGroup == _config.NGroup) return scores;
        var groups = scores.view(-1, _config.NGroup, AllExperts / _config.NGroup);
        var best = groups.topk(2, dim: -1).values.sum(-1).topk(_config.TopkGroup, dim: -1).indexes;
        var isBest = zeros([groups.shape[0], groups.shape[1]], ScalarType.Bool, scores.device).scatter(-1, best, ones(best.shape, ScalarType.Bool, scores.device));
        return groups.FilledWhere(isBest.unsqueeze(-1).logical_not(), double.NegativeInfinity).view(scores.shape);
    }
}
