using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>One name in four formats: quantised or plain, each as declared or transposed.</summary>
[ParameterModule]
public sealed partial class FormatsLinear : Module<Tensor, Tensor>
{
    public FormatsLinear(int outputs, int inputs)
        : base(nameof(FormatsLinear))
    {
        (Out, In) = (outputs, inputs);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Out { get; }

    [Axis] public int In { get; }

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in", Scale = "weight_scale_inv", BlockSize = 4)]
    [FromCheckpoint("weight", "in out", Scale = "weight_scale_inv", BlockSize = 4, Format = "quantised-transposed")]
    [FromCheckpoint("weight", "out in", Format = "plain")]
    [FromCheckpoint("weight", "in out", Format = "plain-transposed")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
