using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Layers as an author gets them wrong at first: a source that is named as in the file, a bias that the configuration does not have, a list without items.</summary>
[ParameterModule]
public sealed partial class MiswrittenHost : Module
{
    public MiswrittenHost(int layers = 2, int experts = 0)
        : base(nameof(MiswrittenHost))
    {
        Layers = new ModuleList<MiswrittenLayer>([.. Enumerable.Range(0, layers).Select(_ => new MiswrittenLayer())]);
        Experts = [.. Enumerable.Range(0, experts).Select(_ => new MiswrittenLayer())];
        RegisterComponents();
    }

    public ModuleList<MiswrittenLayer> Layers { get; }

    public List<MiswrittenLayer> Experts { get; }
}

[ParameterModule]
public sealed partial class MiswrittenLayer : Module
{
    public MiswrittenLayer()
        : base(nameof(MiswrittenLayer)) => RegisterComponents();

    [Axis] public int Out => 6;

    [Axis] public int In => 3;

    public bool HasBias => false;

    [Parameter("out in")]
    [FromCheckpoint("layers.0.mlp.weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("(q: out + k: out)", When = nameof(HasBias))]
    [FromCheckpoint("q_proj.bias", "out", Part = "q")]
    [FromCheckpoint("k_proj.bias", "out", Part = "k")]
    public partial Parameter? QkBias { get; private set; }

    [Parameter("(q: out + k: out) in")]
    [FromCheckpoint("q_proj.weight", "out in", Part = "q")]
    [FromCheckpoint("k_proj.weight", "out in", Part = "k")]
    public partial Parameter Qk { get; private set; }

    [Parameter("out")]
    [FromCheckpoint("both.weight", "out")]
    public partial Parameter Both { get; private set; }
}
