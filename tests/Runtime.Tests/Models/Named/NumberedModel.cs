using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Layers of which this process has some, and what comes after the last one under the same name.</summary>
[ParameterModule]
[CheckpointPrefix("text.")]
public sealed partial class NumberedModel : Module<Tensor, Tensor>
{
    public NumberedModel(int first, int[]?[] experts, int extra = 0)
        : base(nameof(NumberedModel))
    {
        First = first;
        Layers = [.. experts.Select(numbers => new NumberedLayer(numbers))];
        Extra = [.. Enumerable.Range(0, extra).Select(_ => new NumberedExpert())];
        RegisterComponents();
    }

    public const int LayerCount = 4;

    public long First { get; set; }

    [CheckpointName("model.layers", First = nameof(First), Total = nameof(LayerCount))]
    [CheckpointName("layers", Convention = "short"), CheckpointName("blk", Format = "flat")]
    public IReadOnlyList<NumberedLayer> Layers { get; }

    [CheckpointName("model.layers", First = nameof(LayerCount))]
    [CheckpointName("layers", Convention = "short"), CheckpointName("blk", Format = "flat")]
    public ModuleList<NumberedExpert> Extra { get; }

    public override Tensor forward(Tensor input) => Layers.Aggregate(input, (value, layer) => layer.forward(value));
}
