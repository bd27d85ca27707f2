using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Models;

/// <summary>A matrix in several published forms: scales of blocks, groups by a table of columns, a table of values, JSON; and a norm that is stored minus one.</summary>
[ParameterModule]
public sealed partial class Quantised : Module<Tensor, Tensor>
{
    public Quantised(Topology? topology = null)
        : base(nameof(Quantised))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Out => 384;

    [Axis] public int In => 256;

    [Parameter("in out")]
    [FromCheckpoint("proj.weight", "out in")]
    [FromCheckpoint("proj.weight", "out in", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("proj.weight", "out in", Encoding = typeof(Nf4Nested), Format = "nf4")]
    [FromCheckpoint("proj.weight_packed", "out in", Encoding = typeof(Int4Group128ActOrder), Format = "int4")]
    [FromCheckpoint("proj.qweight", "in out", Encoding = typeof(Gptq4Group128), Format = "gptq")]
    [FromCheckpoint("proj.weight", "out in", Scale = "proj.weight_scale_inv", BlockSize = 128, Format = "short")]
    public partial Parameter Weight { get; private set; }

    [Parameter("in")]
    [FromCheckpoint("norm.weight", "in", Offset = 1)]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor input) => input.mm(Weight);
}
