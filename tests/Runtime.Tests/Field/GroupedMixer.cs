using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>The input projection of a state-space layer: parts of heads, and of groups that the heads read.</summary>
[ParameterModule]
public sealed partial class GroupedMixer : Module<Tensor, Tensor>
{
    public GroupedMixer(int heads, int groups, Topology? topology = null)
        : base(nameof(GroupedMixer))
    {
        (Heads, Groups) = (heads, groups);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads { get; }

    [Axis(Follows = nameof(Heads))] public int Groups { get; }

    [Parameter("(z: heads + x: heads + b: groups + c: groups + dt: heads)")]
    [FromCheckpoint("in_proj", "(z: heads + x: heads + b: groups + c: groups + dt: heads)")]
    public partial Parameter InProj { get; private set; }

    public override Tensor forward(Tensor input) => input.matmul(InProj);
}
