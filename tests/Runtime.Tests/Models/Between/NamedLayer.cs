using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Between;

/// <summary>One whose fields have the names that checkpoints have.</summary>
public sealed class NamedLayer : Module<Tensor, Tensor>
{
    private readonly Mlp mlp = new();

    public NamedLayer()
        : base(nameof(NamedLayer)) => RegisterComponents();

    public override Tensor forward(Tensor input) => mlp.call(input);
}
