using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A table that is stored as several shards, and of which ranks hold equal ranges of rows, wherever shards begin.</summary>
[ParameterModule]
public sealed partial class JoinedTable : Module<Tensor, Tensor>
{
    public JoinedTable(int rows, int shards, Topology? topology = null)
        : base(nameof(JoinedTable))
    {
        (Rows, Shards) = (rows, shards);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor, PadTo = 12)] public int Rows { get; }

    [Axis] public int Shards { get; }

    [Axis] public static int Hidden => 3;

    [Parameter("rows hidden")]
    [FromCheckpoint("shard_{shards}.weight", "rows hidden", Joined = "rows")]
    [FromCheckpoint("weight", "rows hidden", Format = "whole")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => Weight[input];
}
