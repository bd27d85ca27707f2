using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Seams;

/// <summary>An engine's own experts in place of those of Mixtral, Qwen3-MoE and others: loaded as they are stored, kept as bytes.</summary>
[ParameterModule]
public sealed partial class Int8RoutedExperts : Module<Tensor, Tensor, Tensor, Tensor>
{
    public Int8RoutedExperts(RoutedExperts like)
        : base(nameof(Int8RoutedExperts))
    {
        (Experts, Hidden, Intermediate) = (like.Experts, like.Hidden, like.Intermediate);
        RegisterComponents();
    }

    [Axis(Shard.Expert)]
    public int Experts { get; }

    [Axis(Shard.Tensor, Padded = true)]
    public int Intermediate { get; }

    [Axis]
    public int Hidden { get; }

    [Parameter("experts (gate: intermediate + up: intermediate) hidden")]
    [FromCheckpoint("{experts}.gate_proj.weight", "intermediate hidden", Part = "gate")]
    [FromCheckpoint("{experts}.up_proj.weight", "intermediate hidden", Part = "up")]
    public partial Parameter W13Weight { get; private set; }

    [Parameter("experts (gate: intermediate + up: intermediate) 1", Type = ScalarType.Float32)]
    public partial Parameter W13Scale { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate")]
    public partial Parameter W2Weight { get; private set; }

    [Parameter("experts hidden 1", Type = ScalarType.Float32)]
    public partial Parameter W2Scale { get; private set; }

    public override Tensor forward(Tensor tokens, Tensor chosen, Tensor weights) => ExpertRun.Sum(Parameters, tokens, chosen, weights, (expert, own) =>
    {
        var gateUp = Int8Rows.Linear(own, W13Weight.select(0, expert), W13Scale.select(0, expert)).chunk(2, dim: -1);
        return Int8Rows.Linear(functional.silu(gateUp[0]) * gateUp[1], W2Weight.select(0, expert), W2Scale.select(0, expert));
    });

    [PostLoad]
    private void Quantise()
    {
        (W13Weight, W13Scale) = Int8Rows.Of(W13Weight);
        (W2Weight, W2Scale) = Int8Rows.Of(W2Weight);
    }
}
