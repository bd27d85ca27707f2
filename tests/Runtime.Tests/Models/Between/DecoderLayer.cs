using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Between;

/// <summary>The one that has forgotten its attribute.</summary>
public sealed class DecoderLayer : Module<Tensor, Tensor>
{
    public DecoderLayer()
        : base(nameof(DecoderLayer)) => RegisterComponents();

    public Mlp Mlp { get; } = new();

    public override Tensor forward(Tensor input) => Mlp.call(input);
}
