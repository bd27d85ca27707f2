using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Describing;

/// <summary>A class whose child may be itself: a mistake that is shown, not followed.</summary>
[ParameterModule]
public sealed partial class Circular : Module<Tensor, Tensor>
{
    public Circular()
        : base(nameof(Circular)) => Again = this;

    public Circular Again { get; }

    public override Tensor forward(Tensor input) => input;
}
