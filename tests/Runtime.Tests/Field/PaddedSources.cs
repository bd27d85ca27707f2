using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Kimi K3's A_log has 128 elements in its files, of which as many are used as there are heads; and a matrix that is rounded up in parts.</summary>
[ParameterModule]
public sealed partial class PaddedSources : Module<Tensor, Tensor>
{
    public PaddedSources(Topology? topology = null)
        : base(nameof(PaddedSources))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads => 6;

    [Axis(Whole = true)] public int Rest => 3;

    [Axis] public int Columns => 3;

    [Parameter("heads")]
    [FromCheckpoint("A_log", "pad(heads, 8)")]
    public partial Parameter ALog { get; private set; }

    [Parameter("(heads + rest) columns")]
    [FromCheckpoint("w", "(pad(heads, 4) + pad(rest, 2)) pad(columns, 4)")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(ALog);
}
