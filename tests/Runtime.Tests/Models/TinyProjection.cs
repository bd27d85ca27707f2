using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A weight whose storage is transposed and padded for a kernel, by declaration: no post-load, no scratch.</summary>
[ParameterModule]
public sealed partial class TinyProjection : Module<Tensor, Tensor>
{
    public TinyProjection(int outputs, int inputs, Topology? topology = null)
        : base(nameof(TinyProjection))
    {
        (Out, In) = (outputs, inputs);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Out { get; }

    [Axis] public int In { get; }

    [Parameter("out in", Kernel = "in pad(out, 8)")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mm(Weight);
}
