using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Scales whose names have other holes than those of their tensors: nobody could say which belong together.</summary>
[ParameterModule]
public sealed partial class UnmatchedScales : Module<Tensor, Tensor>
{
    public UnmatchedScales()
        : base(nameof(UnmatchedScales))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Experts { get; } = 2;

    [Axis] public int Layers { get; } = 2;

    [Axis] public int Out { get; } = 3;

    [Parameter("experts layers out")]
    [FromCheckpoint("{experts}.{layers}.weight", "out", Scale = "{layers}.{experts}.scale")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input * Weight;
}
