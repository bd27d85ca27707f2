using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Layers of which some have an indexer.</summary>
[ParameterModule]
public sealed partial class IndexedModel : Module<Tensor, Tensor>
{
    public IndexedModel(params bool[] indexers)
        : base(nameof(IndexedModel))
    {
        Layers = [.. indexers.Select(hasIndexer => new IndexedLayer(hasIndexer))];
        RegisterComponents();
    }

    [CheckpointName("model.layers")] public List<IndexedLayer> Layers { get; }

    public override Tensor forward(Tensor input) => Layers.Aggregate(input, (value, layer) => layer.forward(value));
}
