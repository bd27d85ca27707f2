using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Describing;

/// <summary>A class that is shown while its constructor runs, with children that no map describes.</summary>
[ParameterModule]
public sealed partial class Unready : Module<Tensor, Tensor>
{
    private readonly int[]? _sizes;

    public Unready(bool isReady = true)
        : base(nameof(Unready))
    {
        InConstructor = this.Describe();
        Act = Sequential(("first", ReLU()), ("own", Linear(3, 2)));
        if (!isReady) return;
        _sizes = [4, 5];
        CreateParameters();
        RegisterComponents();
    }

    /// <summary>What was shown before anything was there.</summary>
    public string InConstructor { get; }

    [Axis] public int Out => _sizes![0];

    [Axis] public int In => _sizes![1];

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    public Sequential Act { get; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
