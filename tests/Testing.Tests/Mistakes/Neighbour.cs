using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A scale, of which the module above it wants to know the largest.</summary>
[ParameterModule]
public sealed partial class Neighbour : Module<Tensor, Tensor>
{
    public Neighbour(bool isOpen)
        : base(nameof(Neighbour))
    {
        if (isOpen) Memory = Scale!.alias().DetachFromDisposeScope();
        RegisterComponents();
    }

    [Axis] public int In => 3;

    /// <summary>What it should keep to itself.</summary>
    public Tensor? Memory { get; }

    /// <summary>What post-load has measured.</summary>
    public double Largest { get; private set; }

    [Parameter("in")]
    [FromCheckpoint("scale", "in")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Scale);

    protected override void Dispose(bool disposing)
    {
        Memory?.Dispose();
        base.Dispose(disposing);
    }

    [PostLoad]
    private void Measure()
    {
        using var largest = Scale.max();
        Largest = largest.ReadDouble();
    }
}
