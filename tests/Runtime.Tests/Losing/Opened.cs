using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A layer that others derive from, with a list of more and a module that its type hides.</summary>
[ParameterModule]
public partial class Opened : Module<Tensor, Tensor>
{
    public Opened(string name = nameof(Opened))
        : base(name)
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Size => 2;

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    public IReadOnlyList<Handed> More { get; } = [new(), new()];

    public ModuleList<Handed> Layers { get; } = new(new Handed());

    public IModule<Tensor, Tensor>? Inner { get; set; }

    public override Tensor forward(Tensor input) => input * Weight;
}
