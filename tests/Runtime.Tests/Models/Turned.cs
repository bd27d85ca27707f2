using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A weight that post-load turns, so that its rows are strided, and a bias that stays; a test can do something before and after.</summary>
[ParameterModule]
public sealed partial class Turned : Module<Tensor, Tensor>
{
    public Turned(Device? device = null)
        : base(nameof(Turned))
    {
        CreateParameters(device: device);
        RegisterComponents();
    }

    [Axis] public int Out { get; } = 3;

    [Axis] public int In { get; } = 2;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("out")]
    [FromCheckpoint("bias", "out")]
    public partial Parameter Bias { get; private set; }

    /// <summary>Called by post-load before it turns.</summary>
    public Action? Before { get; set; }

    /// <summary>Called by post-load between its two steps.</summary>
    public Action? Between { get; set; }

    /// <summary>Called by post-load at its end.</summary>
    public Action? After { get; set; }

    /// <summary>Makes what post-load turns.</summary>
    public Func<Tensor, Tensor> Made { get; set; } = weight => weight * 1;

    /// <summary>Makes what the undo of post-load gives back.</summary>
    public Func<Tensor, Tensor> Undone { get; set; } = weight => weight;

    public static Dictionary<string, Tensor> Weights(float first) => new()
    {
        ["weight"] = (arange(6, ScalarType.Float32) + first).view(3, 2),
        ["bias"] = arange(3, ScalarType.Float32) + first,
    };

    public override Tensor forward(Tensor input) => functional.linear(input, Weight.t(), Bias);

    [PostLoad(Undo = nameof(TurnBack))]
    private void Turn()
    {
        Before?.Invoke();
        Weight = new Parameter(Made(Weight), requires_grad: false);
        Between?.Invoke();
        Weight = new Parameter(Weight.t(), requires_grad: false);
        After?.Invoke();
    }

    private void TurnBack() => Weight = new Parameter(Undone(Weight.t()), requires_grad: false);
}
