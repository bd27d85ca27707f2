using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Keys out of a tensor of keys and values; where it has values, those too.</summary>
[ParameterModule]
[Ignore("kv.weight", When = nameof(LeavesValues))]
public sealed partial class ReadInPart : Module
{
    public ReadInPart(bool values, bool leaves = false, Topology? topology = null)
        : base(nameof(ReadInPart))
    {
        (HasValues, LeavesValues) = (values, leaves);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads => 4;

    [Axis] public int Key => 2;

    [Axis] public int Value => 3;

    [Axis] public int Rank => 5;

    public bool HasValues { get; }

    public bool LeavesValues { get; }

    [Parameter("heads key rank")]
    [FromCheckpoint("kv.weight", "(heads (key + value)) rank")]
    public partial Parameter Keys { get; private set; }

    [Parameter("heads rank value", When = nameof(HasValues))]
    [FromCheckpoint("kv.weight", "(heads (key + value)) rank")]
    public partial Parameter? Values { get; private set; }
}
