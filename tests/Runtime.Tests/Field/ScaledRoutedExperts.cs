using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Experts, each with a scale that is one where the checkpoint has none.</summary>
[ParameterModule]
public sealed partial class ScaledRoutedExperts : Module<Tensor, Tensor>
{
    public ScaledRoutedExperts(Topology topology)
        : base(nameof(ScaledRoutedExperts))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; } = 4;

    [Parameter("experts")]
    [FromCheckpoint("experts.{experts}.weight", "1")]
    public partial Parameter Weight { get; private set; }

    [Parameter("experts", Absent = 1)]
    [FromCheckpoint("experts.{experts}.scale", "1")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
