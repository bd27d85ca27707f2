using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>A layer with a few of the experts that there are, each under its number; or without experts.</summary>
[ParameterModule]
public sealed partial class NumberedLayer : Module<Tensor, Tensor>
{
    public NumberedLayer(int[]? experts)
        : base(nameof(NumberedLayer))
    {
        if (experts is not null) (ExpertNumbers, Experts) = (experts, [.. experts.Select(_ => new NumberedExpert())]);
        CreateParameters();
        RegisterComponents();
    }

    public static int ExpertCount => 8;

    public int[] ExpertNumbers { get; set; } = [1, 2];

    [Axis] public static int Hidden => 2;

    [CheckpointName("mlp.experts", Numbers = nameof(ExpertNumbers), Total = nameof(ExpertCount))]
    [CheckpointName("e", Format = "flat")]
    public List<NumberedExpert>? Experts { get; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    [FromCheckpoint("norm.weight", "hidden", Format = "flat")]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Norm);
}
