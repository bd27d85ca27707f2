using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Models;

/// <summary>One layer of a <see cref="SmallModel"/>.</summary>
[ParameterModule]
public sealed partial class SmallLayer : Module<Tensor, Tensor>
{
    public SmallLayer(SmallSizes sizes)
        : base(nameof(SmallLayer))
    {
        SelfAttn = new SmallAttention(sizes);
        Experts = new SmallExperts(sizes);
        RegisterComponents();
    }

    public SmallAttention SelfAttn { get; }

    public SmallExperts Experts { get; }

    public override Tensor forward(Tensor input) => SelfAttn.forward(input);
}
