using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Experts that a trainer knows by their numbers, wherever they lie; in another format all of them are in one tensor.</summary>
[ParameterModule]
public sealed partial class RoutedExperts : Module<Tensor, Tensor>
{
    public RoutedExperts(Topology topology, int experts = 4, int hidden = 2)
        : base(nameof(RoutedExperts))
    {
        (Experts, Hidden) = (experts, hidden);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis] public int Hidden { get; }

    [Parameter("experts hidden")]
    [FromCheckpoint("experts.{experts}.weight", "hidden")]
    [FromCheckpoint("experts.weight", "hidden experts", Format = "fused")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
