using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Gate and up in NVFP4, kept packed; values are made after the load.</summary>
[ParameterModule]
public sealed partial class KeptProjection : Module
{
    public KeptProjection()
        : base(nameof(KeptProjection))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis("gate", "up")] private const int Proj = 2;

    [Axis] private const int Inter = 1;

    [Axis] private const int Bytes = 8;

    [Axis] private const int Hidden = 16;

    [Parameter("(proj inter) bytes", Type = ScalarType.Byte)]
    [FromCheckpoint("{proj}_proj.weight", "inter bytes")]
    public partial Parameter Codes { get; private set; }

    [Parameter("proj")]
    [FromCheckpoint("{proj}_proj.weight_scale_2", "")]
    public partial Parameter Scales { get; private set; }

    [Parameter("(proj inter) hidden")]
    public partial Parameter Values { get; private set; }

    [PostLoad]
    private void Decode()
    {
        using var table = tensor([0f, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6]);
        using var codes = Codes.to_type(ScalarType.Int64);
        using var both = stack([codes.remainder(16), codes.div(16, RoundingMode.floor)], -1).flatten(1);
        using var scales = Scales.unsqueeze(1);

        // Block scales of 2.
        Values = Parameter(table[both].Times(2).mul(scales));
    }
}
