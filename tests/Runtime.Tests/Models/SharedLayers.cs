using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A list of modules, some of which may be the same.</summary>
[ParameterModule]
public sealed partial class SharedLayers : Module<Tensor, Tensor>
{
    public SharedLayers(params Turned[] layers)
        : base(nameof(SharedLayers))
    {
        Layers = new ModuleList<Turned>(layers);
        RegisterComponents();
    }

    public ModuleList<Turned> Layers { get; }

    public override Tensor forward(Tensor input) => Layers[0].forward(input);
}
