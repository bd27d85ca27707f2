using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A condition that somebody else decides, whenever it is asked.</summary>
[ParameterModule]
public sealed partial class Ambient : Module<Tensor, Tensor>
{
    private readonly bool[] _switch;

    public Ambient(bool[] condition)
        : base(nameof(Ambient))
    {
        _switch = condition;
        RegisterComponents();
    }

    [Axis] public int Size => 4;

    public bool HasBias => _switch[0];

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    [Parameter("size", When = nameof(HasBias))]
    [FromCheckpoint("bias", "size")]
    public partial Parameter? Bias { get; private set; }

    public override Tensor forward(Tensor input) => Bias is { } bias ? (input * Weight) + bias : input * Weight;
}
