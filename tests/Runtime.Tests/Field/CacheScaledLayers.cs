using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Layers of which some checkpoints have scales in all, in some or in none.</summary>
[ParameterModule]
public sealed partial class CacheScaledLayers : Module<Tensor, Tensor>
{
    public CacheScaledLayers(int layers, Topology? topology = null)
        : base(nameof(CacheScaledLayers))
    {
        Layers = new ModuleList<CacheScales>([.. Enumerable.Range(0, layers).Select(_ => new CacheScales(topology))]);
        RegisterComponents();
    }

    public ModuleList<CacheScales> Layers { get; }

    public override Tensor forward(Tensor input) => Layers.Aggregate(input, (hidden, layer) => layer.forward(hidden));
}
