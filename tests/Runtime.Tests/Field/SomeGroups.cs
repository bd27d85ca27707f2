using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Groups that are divided in some instances, and whole in others.</summary>
[ParameterModule]
public sealed partial class SomeGroups : Module<Tensor, Tensor>
{
    public SomeGroups(int groups, bool divided, bool whole, Topology? topology = null)
        : base(nameof(SomeGroups))
    {
        (Groups, IsDivided, IsWhole) = (groups, divided, whole);
        CreateParameters(topology);
        RegisterComponents();
    }

    public bool IsDivided { get; }

    public bool IsWhole { get; }

    [Axis(Shard.Tensor)] public int Groups { get; }

    [Axis] public int AllGroups => Groups;

    [Parameter("groups", When = nameof(IsDivided))]
    [FromCheckpoint("divided", "groups")]
    public partial Parameter? Divided { get; private set; }

    [Parameter("all_groups", When = nameof(IsWhole))]
    [FromCheckpoint("whole", "all_groups")]
    public partial Parameter? Whole { get; private set; }

    public override Tensor forward(Tensor input) => input;
}
