using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Keys that serve as values: one tensor for two parts of a parameter, and for a parameter of its own.</summary>
[ParameterModule]
[CheckpointAlias("v_proj.weight", "k_proj.weight")]
public sealed partial class KeysAsValues : Module<Tensor, Tensor>
{
    public KeysAsValues(Topology? topology = null)
        : base(nameof(KeysAsValues))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads => 2;

    [Axis] public int Dim => 2;

    [Axis] public int Hidden => 3;

    [Parameter("hidden (k: heads dim + v: heads dim)")]
    [FromCheckpoint("k_proj.weight", "(heads dim) hidden", Part = "k", Shared = true)]
    [FromCheckpoint("k_proj.weight", "(heads dim) hidden", Part = "v", Shared = true)]
    public partial Parameter KeyValue { get; private set; }

    [Parameter("heads hidden dim")]
    [FromCheckpoint("k_proj.weight", "(heads dim) hidden", Shared = true)]
    public partial Parameter Turned { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, KeyValue);
}
