using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>MXFP4 kept packed, and unpacked on the way.</summary>
[ParameterModule]
public sealed partial class PackedExperts : Module<Tensor, Tensor>
{
    public PackedExperts() : base(nameof(PackedExperts)) => CreateParameters();

    [Axis] public int Out => 3;

    [Axis] public int In => 64;

    [Axis] public int Blocks => 2;

    [Axis] public int Bytes => 16;

    [Parameter("out blocks bytes", Type = ScalarType.Byte)]
    [FromCheckpoint("w_blocks", "out blocks bytes")]
    public partial Parameter Packed { get; private set; }

    [Parameter("out blocks", Type = ScalarType.Byte)]
    [FromCheckpoint("w_scales", "out blocks")]
    public partial Parameter Scales { get; private set; }

    [Parameter("out in")]
    [FromCheckpoint("v_blocks", "out in", Scale = "v_scales", Packing = Packing.Mxfp4)]
    public partial Parameter Unpacked { get; private set; }

    public override Tensor forward(Tensor input) => input;
}
