using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>MLA: the projections that attention absorbs, derived from the loaded ones, which stay.</summary>
[ParameterModule]
public sealed partial class AbsorbedProjections : Module<Tensor, Tensor>
{
    public AbsorbedProjections() : base(nameof(AbsorbedProjections)) => CreateParameters();

    [Axis] public int Heads => 3;

    [Axis] public int Nope => 4;

    [Axis] public int Value => 2;

    [Axis] public int Rank => 5;

    [Parameter("heads nope rank")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) rank")]
    public partial Parameter Keys { get; private set; }

    [Parameter("heads value rank")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) rank")]
    public partial Parameter Values { get; private set; }

    [Parameter("heads rank nope")]
    public partial Parameter KeysTransposed { get; private set; }

    [Parameter("heads rank value")]
    public partial Parameter ValuesTransposed { get; private set; }

    public override Tensor forward(Tensor input) => input;

    [PostLoad]
    private void Absorb()
    {
        KeysTransposed = Float8.Frozen(Keys.transpose(1, 2).contiguous());
        ValuesTransposed = Float8.Frozen(Values.transpose(1, 2).contiguous());
    }
}
