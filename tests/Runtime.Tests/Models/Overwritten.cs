using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A loaded parameter that post-load makes anew without reading it.</summary>
[ParameterModule]
public sealed partial class Overwritten : Module<Tensor, Tensor>
{
    [Axis("left", "right")] private const int Half = 2;

    public Overwritten()
        : base(nameof(Overwritten))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Size { get; } = 4;

    [Parameter("size")]
    [FromCheckpoint("scale", "size")]
    public partial Parameter Scale { get; private set; }

    [Parameter("half size")]
    [FromCheckpoint("{half}", "size")]
    public partial Parameter Wide { get; private set; }

    public override Tensor forward(Tensor input) => input * Scale;

#pragma warning disable LANY0040 // What the tests of this class are about.
    [PostLoad]
    private void Make() => Wide = new Parameter(torch.stack([Scale, Scale]), requires_grad: false);
#pragma warning restore LANY0040
}
