using Lanyard.Tests.Field;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Children in several formats, of which two have each other's names in an older convention, and new ones in a third.</summary>
[ParameterModule]
public sealed partial class SwappedForms : Module
{
    public SwappedForms()
        : base(nameof(SwappedForms)) => RegisterComponents();

    [CheckpointName("a"), CheckpointName("b", Convention = "old"), CheckpointName("e", Convention = "new")] public SpelledForms First { get; } = new();

    [CheckpointName("b"), CheckpointName("a", Convention = "old"), CheckpointName("f", Convention = "new")] public SpelledForms Second { get; } = new();

    [CheckpointName("c"), CheckpointName("d", Convention = "old"), CheckpointName("c", Convention = "new")] public NumberedExpert Third { get; } = new();
}
