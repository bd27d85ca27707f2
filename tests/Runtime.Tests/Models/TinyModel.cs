using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A tree: a list of blocks under an optional prefix, a norm, and tensors that it ignores.</summary>
[ParameterModule]
[CheckpointPrefix("language_model.")]
[Ignore("vision_model.**", Optional = true)]
public sealed partial class TinyModel : Module<Tensor, Tensor>
{
    public TinyModel(TinySizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(TinyModel))
    {
        Hidden = sizes.Hidden;
        Layers = new ModuleList<TinyBlock>([.. Enumerable.Range(0, sizes.Layers).Select(_ => new TinyBlock(sizes, topology, type))]);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    public ModuleList<TinyBlock> Layers { get; }

    public override Tensor forward(Tensor input) => Layers[0].forward(input) * Norm;
}
