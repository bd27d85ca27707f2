using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A post-load method that works the first time alone, and a dictionary of children.</summary>
[ParameterModule]
public sealed partial class OnceLayer : Module<Tensor, Tensor>
{
    private bool _done;

    public OnceLayer()
        : base(nameof(OnceLayer))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Size => 4;

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    [Parameter("size")]
    public partial Parameter Doubled { get; private set; }

    public ModuleDict<Handed> Adapters { get; } = ModuleDict(("a", new Handed()));

    public ModuleList<Handed> Layers { get; } = ModuleList(new Handed());

    /// <summary>Whether the method works each time, as it must.</summary>
    public bool Always { get; set; }

    public override Tensor forward(Tensor input) => input * Doubled;

    public void CreateAgain(Topology topology) => CreateParameters(topology);

    [PostLoad]
    private void Double()
    {
        if (_done && !Always) return;
        _done = true;
        Doubled = new Parameter(Weight * 2, requires_grad: false);
    }
}
