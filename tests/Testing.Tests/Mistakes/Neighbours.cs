using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>Two modules that should not know each other.</summary>
[ParameterModule]
public sealed partial class Neighbours : Module<Tensor, Tensor>
{
    public Neighbours(bool meddles)
        : base(nameof(Neighbours))
    {
        First = new Neighbour(isOpen: meddles);
        if (meddles) Meddler = new Meddler(First);
        else Reader = new NeighbourReader(First);
        CreateParameters();
        RegisterComponents();
    }

    public Meddler? Meddler { get; }

    public Neighbour First { get; }

    public NeighbourReader? Reader { get; }

    public override Tensor forward(Tensor input) => First.forward(input);
}
