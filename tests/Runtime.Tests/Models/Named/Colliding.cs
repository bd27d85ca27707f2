using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Two children without a level of their own in one format, where the names of their tensors are the same.</summary>
[ParameterModule]
public sealed partial class Colliding : Module<Tensor, Tensor>
{
    public Colliding()
        : base(nameof(Colliding)) => RegisterComponents();

    [CheckpointName("", Format = "flat")] public NamedLeaf First { get; } = new();

    [CheckpointName("", Format = "flat")] public NamedLeaf Second { get; } = new();

    public override Tensor forward(Tensor input) => First.forward(input);
}
