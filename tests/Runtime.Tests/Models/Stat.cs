using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A module whose post-load keeps a number for all of its kind.</summary>
[ParameterModule]
public sealed partial class Stat : Module<Tensor, Tensor>
{
    private static float s_last;

    public Stat()
        : base(nameof(Stat))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Size => 4;

    [Parameter("size")]
    [FromCheckpoint("a", "size")]
    public partial Parameter A { get; private set; }

    public static float Last => s_last;

    public bool Fails { get; set; }

    public override Tensor forward(Tensor input) => input * A * s_last;

    [PostLoad]
    private void Measure()
    {
        s_last = A.max().ToSingle();
        if (Fails) throw new InvalidOperationException("failed on purpose");
    }
}
