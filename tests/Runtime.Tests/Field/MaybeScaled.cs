using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Codes of whole numbers that may have a zero point for each row, and a scale of the whole tensor; each expert a tensor.</summary>
[ParameterModule]
public sealed partial class MaybeScaled : Module<Tensor, Tensor>
{
    public MaybeScaled(Topology? topology = null)
        : base(nameof(MaybeScaled))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts => 2;

    [Axis] public int Out => 2;

    [Axis] public int In => 3;

    [Parameter("experts out in")]
    [FromCheckpoint("{experts}.weight", "out in", Encoding = typeof(Codes8))]
    public partial Parameter Weight { get; private set; }

    [Parameter("in")]
    [FromCheckpoint("norm", "in")]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight[0]);

    [Codes("weight", CodeType.Int)]
    [Companion("scale", "weight_scale", "1 *")]
    [Companion("zero", "weight_zero_point", "1 *", Type = CodeType.Int, Absent = 0)]
    [Companion("scale_2", "weight_scale_2", "", Absent = 1)]
    [Value("(code - zero) * (scale * scale_2)")]
    public static class Codes8;
}
