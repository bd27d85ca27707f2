using Lanyard.Models.Layers;
using Lanyard.Models.Llama4;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Seams;

/// <summary>The same in place of Llama 4's.</summary>
[ParameterModule]
public sealed partial class Int8Llama4Experts : Module<Tensor, Tensor, Tensor, Tensor>
{
    [Axis("gate", "up")]
    private const int Proj = 2;

    public Int8Llama4Experts(Llama4Experts like)
        : base(nameof(Int8Llama4Experts))
    {
        (Experts, Hidden, Intermediate) = (like.Experts, like.Hidden, like.Intermediate);
        RegisterComponents();
    }

    [Axis(Shard.Expert)]
    public int Experts { get; }

    [Axis(Shard.Tensor)]
    public int Intermediate { get; }

    [Axis]
    public int Hidden { get; }

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (proj intermediate)")]
    [FromCheckpoint("{experts}.{proj}_proj.weight", "intermediate hidden", Format = "per-expert")]
    public partial Parameter W13Weight { get; private set; }

    [Parameter("experts (proj intermediate) 1", Type = ScalarType.Float32)]
    public partial Parameter W13Scale { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Format = "per-expert")]
    public partial Parameter W2Weight { get; private set; }

    [Parameter("experts hidden 1", Type = ScalarType.Float32)]
    public partial Parameter W2Scale { get; private set; }

    public override Tensor forward(Tensor hidden, Tensor chosen, Tensor scores) => ExpertRun.Sum(Parameters, hidden, chosen, scores, weighsInput: true, run: (expert, own) =>
    {
        var gateUp = Int8Rows.Linear(own, W13Weight.select(0, expert), W13Scale.select(0, expert)).chunk(Proj, dim: -1);
        return Int8Rows.Linear(functional.silu(gateUp[0]) * gateUp[1], W2Weight.select(0, expert), W2Scale.select(0, expert));
    });

    [PostLoad]
    private void Quantise()
    {
        (W13Weight, W13Scale) = Int8Rows.Of(W13Weight);
        (W2Weight, W2Scale) = Int8Rows.Of(W2Weight);
    }
}
