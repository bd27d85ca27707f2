using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A weight whose rows a kernel layout pads, with the constructor's own value where there is one.</summary>
[ParameterModule]
public sealed partial class PaddedRows : Module<Tensor, Tensor>
{
    public PaddedRows(Parameter? weight = null, Topology? topology = null)
        : base(nameof(PaddedRows))
    {
        CreateParameters(topology);
        if (weight is not null) Weight = weight;
        RegisterComponents();
    }

    [Axis(Shard.Tensor, PadTo = 4)] public int Rows { get; } = 3;

    [Axis] public int Size { get; } = 5;

    [Parameter("rows size", Kernel = "rows pad(size, 8)")]
    [FromCheckpoint("weight", "rows size")]
    [FromCheckpoint("{rows}.weight", "size", Format = "by-row")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
