using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Two models that are roots elsewhere, below names of their own.</summary>
[ParameterModule]
public sealed partial class TiedPair : Module<Tensor, Tensor>
{
    public TiedPair()
        : base(nameof(TiedPair)) => RegisterComponents();

    public TiedModel Policy { get; } = new();

    [CheckpointName("critic.text")] public TiedModel Critic { get; } = new();

    public override Tensor forward(Tensor input) => Policy.forward(input);
}
