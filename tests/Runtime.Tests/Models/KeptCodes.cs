using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A quantised weight whose codes stay packed, for kernels that want them so: two in a byte, with a scale for each 16 beside them, and one for each half of the rows.</summary>
[ParameterModule]
public sealed partial class KeptCodes : Module<Tensor, Tensor>
{
    public KeptCodes(Topology? topology, int input)
        : base(nameof(KeptCodes))
    {
        In = input;
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int In { get; }

    [Axis] public int Out { get; } = 6;

    [Parameter("out blocks(in, 2)", Type = ScalarType.Byte)]
    [FromCheckpoint("weight_packed", "out blocks(in, 2)")]
    public partial Parameter Codes { get; private set; }

    [Parameter("out blocks(in, 16)", Type = ScalarType.BFloat16)]
    [FromCheckpoint("weight_scale", "out blocks(in, 16)")]
    public partial Parameter Scales { get; private set; }

    [Parameter("(gate: 1 + up: 1)")]
    [FromCheckpoint("weight_global_scale", "", Part = "gate")]
    [FromCheckpoint("weight_global_scale", "", Part = "up")]
    public partial Parameter Global { get; private set; }

    public override Tensor forward(Tensor input) => input;
}
