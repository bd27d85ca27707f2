using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>gpt-oss experts: gate and up interleaved, stored in MXFP4 or in BF16 under other names.</summary>
[ParameterModule]
public sealed partial class GptOssExperts : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public GptOssExperts(int experts, int intermediate, int hidden, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(GptOssExperts))
    {
        (Experts, Intermediate, Hidden) = (experts, intermediate, hidden);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis(Shard.Tensor)] public int Intermediate { get; }

    [Axis] public int Hidden { get; }

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj_blocks", "experts (intermediate proj) hidden", Scale = "gate_up_proj_scales", Packing = Packing.Mxfp4)]
    [FromCheckpoint("gate_up_proj", "experts hidden (intermediate proj)", Format = "bf16")]
    public partial Parameter W13Weight { get; private set; }

    [Parameter("experts (proj intermediate)")]
    [FromCheckpoint("gate_up_proj_bias", "experts (intermediate proj)")]
    public partial Parameter W13Bias { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj_blocks", "experts hidden intermediate", Scale = "down_proj_scales", Packing = Packing.Mxfp4)]
    [FromCheckpoint("down_proj", "experts intermediate hidden", Format = "bf16")]
    public partial Parameter W2Weight { get; private set; }

    [Parameter("experts hidden")]
    [FromCheckpoint("down_proj_bias", "experts hidden")]
    public partial Parameter W2Bias { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, W13Weight[0]);
}
