using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Four tensors fused, of which two are quantised in some checkpoints and plain in others.</summary>
[ParameterModule]
public sealed partial class MixedLayer : Module
{
    public MixedLayer(ScalarType type = ScalarType.Float32)
        : base(nameof(MixedLayer))
    {
        (Qkv, Z, Heads, Hidden) = (4, 2, 1, 4);
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Qkv { get; }

    [Axis] public int Z { get; }

    [Axis] public int Heads { get; }

    [Axis] public int Hidden { get; }

    [Parameter("(qkv + z + b: heads + a: heads) hidden")]
    [FromCheckpoint("in_proj_qkv.weight", "qkv hidden")]
    [FromCheckpoint("in_proj_z.weight", "z hidden")]
    [FromCheckpoint("in_proj_b.weight", "heads hidden", Part = "b")]
    [FromCheckpoint("in_proj_a.weight", "heads hidden", Part = "a")]
    [FromCheckpoint("in_proj_qkv.weight", "qkv hidden", Scale = "in_proj_qkv.weight_scale_inv", BlockSize = 2, Format = "fp8")]
    [FromCheckpoint("in_proj_z.weight", "z hidden", Scale = "in_proj_z.weight_scale_inv", BlockSize = 2, Format = "fp8")]
    [FromCheckpoint("in_proj_b.weight", "heads hidden", Part = "b", Format = "fp8")]
    [FromCheckpoint("in_proj_a.weight", "heads hidden", Part = "a", Format = "fp8")]
    public partial Parameter InProj { get; private set; }
}
