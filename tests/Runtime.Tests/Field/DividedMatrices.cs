using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Two matrices, of which ranks divide the rows of one and the columns of the other.</summary>
[ParameterModule]
public sealed partial class DividedMatrices : Module<Tensor, Tensor>
{
    public DividedMatrices(Topology? topology = null)
        : base(nameof(DividedMatrices))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Rows { get; } = 16;

    [Axis] public int Columns { get; } = 4;

    [Axis(Shard.Tensor)] public int Wide { get; } = 8;

    [Parameter("rows columns")]
    [FromCheckpoint("w", "rows columns")]
    public partial Parameter W { get; private set; }

    [Parameter("columns wide")]
    [FromCheckpoint("c", "columns wide")]
    public partial Parameter C { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, W);
}
