using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Two children that have each other's names in an older convention, and one that has a name of its own in each.</summary>
[ParameterModule]
public sealed partial class SwappedNames : Module<Tensor, Tensor>
{
    public SwappedNames()
        : base(nameof(SwappedNames)) => RegisterComponents();

    [CheckpointName("a"), CheckpointName("b", Convention = "old")] public NumberedExpert First { get; } = new();

    [CheckpointName("b"), CheckpointName("a", Convention = "old")] public NumberedExpert Second { get; } = new();

    [CheckpointName("c"), CheckpointName("d", Convention = "old")] public NumberedExpert Third { get; } = new();

    public override Tensor forward(Tensor input) => First.forward(input);
}
