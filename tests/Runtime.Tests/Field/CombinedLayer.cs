using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A layer that has every way in which axes and places are declared.</summary>
[ParameterModule]
public sealed partial class CombinedLayer : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public CombinedLayer(Topology topology)
        : base(nameof(CombinedLayer))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts => 5;

    [Axis(Follows = nameof(Experts))] public int Groups => 3;

    [Axis(Shard.Tensor, Unit = 2, Padded = true)] public int Inter => 5;

    [Axis(Follows = nameof(Inter), Unit = 3)] public int Blocks => 2;

    [Axis] public int Hidden => 2;

    [Axis(Shard.Tensor, PadWithin = nameof(Keys))] public int Heads => 6;

    [Axis(Follows = nameof(Heads))] public int Keys => 2;

    [Axis(Shard.FirstTensorRank)] public int Once => 2;

    [Parameter("experts (proj inter) hidden", Kernel = "experts pad((proj inter), 8) hidden")]
    [FromCheckpoint("experts.{experts}.{proj}.weight", "inter hidden")]
    [FromCheckpoint("experts.gate_up", "hidden experts (inter proj)", Format = "fused")]
    public partial Parameter Weight { get; private set; }

    [Parameter("experts proj", Absent = 1)]
    [FromCheckpoint("experts.{experts}.input_scale", "1", Repeat = "proj")]
    public partial Parameter InputScale { get; private set; }

    [Parameter("(proj groups) blocks")]
    [FromCheckpoint("group_scale", "blocks pad(groups, 4)", Repeat = "proj")]
    public partial Parameter GroupScale { get; private set; }

    [Parameter("(q: heads hidden + k: keys hidden + v: keys hidden)")]
    [FromCheckpoint("q_proj.bias", "(heads hidden)", Part = "q")]
    [FromCheckpoint("v_proj.bias", "(keys hidden)", Part = "v")]
    [Constant("k", 0.5)]
    public partial Parameter Bias { get; private set; }

    [Parameter("(a: once + b: once)")]
    [FromCheckpoint("out.bias", "once", Part = "a")]
    [Constant("b", 3)]
    public partial Parameter OutBias { get; private set; }

    [Parameter("experts inter")]
    [FromCheckpoint("experts.{experts}.extra", "inter")]
    public partial Parameter Extra { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Bias);

    [PostLoad(Undo = nameof(Halve))]
    private void Double() => Extra = new Parameter(cat([Extra, Extra.Times(2)], 1).clone(), requires_grad: false);

    private void Halve() => Extra = new Parameter(Extra.narrow(1, 0, Extra.shape[1] / 2).clone(), requires_grad: false);
}
