using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Gate and up in NVFP4: a scale for 16 columns, times one of the tensor.</summary>
[ParameterModule]
public sealed partial class TwoLevelProjection : Module
{
    public TwoLevelProjection(int inter = 1, int hidden = 16, int experts = 1, Topology? topology = null)
        : base(nameof(TwoLevelProjection))
    {
        (Experts, Inter, Hidden) = (experts, inter, hidden);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis("gate", "up")] private const int Proj = 2;

    [Axis(Shard.Tensor)] public int Inter { get; }

    [Axis] public int Hidden { get; }

    [Parameter("(proj inter) hidden")]
    [FromCheckpoint("{proj}_proj.weight", "inter hidden", Encoding = typeof(Nvfp4ModelOpt))]
    public partial Parameter Weight { get; private set; }

    [Parameter("experts (proj inter) hidden")]
    [FromCheckpoint("experts.{experts}.{proj}_proj.weight", "inter hidden", Encoding = typeof(Nvfp4ModelOpt))]
    public partial Parameter Routed { get; private set; }
}
