using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Three of a kind.</summary>
[ParameterModule]
public sealed partial class Stats : Module<Tensor, Tensor>
{
    public Stats()
        : base(nameof(Stats))
    {
        CreateParameters();
        RegisterComponents();
    }

    public Stat One { get; } = new();

    public Stat Two { get; } = new();

    public Stat Three { get; } = new();

    public override Tensor forward(Tensor input) => Two.forward(One.forward(input));
}
