using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A matrix of codes with one scale, of which ranks divide the rows.</summary>
[ParameterModule]
public sealed partial class DividedCodes : Module<Tensor, Tensor>
{
    public DividedCodes(Topology? topology = null)
        : base(nameof(DividedCodes))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Rows { get; } = 16;

    [Axis] public int Columns { get; } = 4;

    [Parameter("rows columns")]
    [FromCheckpoint("w", "rows columns", Scale = "w_scale")]
    public partial Parameter W { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, W);
}
