using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A parameter in a form that nobody has published: the one of docs/encodings.md.</summary>
[ParameterModule]
public sealed partial class OwnForm : Module
{
    public OwnForm(Topology? topology)
        : base(nameof(OwnForm))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis] public long Out => 5;

    [Axis(Shard.Tensor)] public long In => 150;

    [Parameter("out in")]
    [FromCheckpoint("up_proj.weight_codes", "out in", Encoding = typeof(ThreeBits))]
    public partial Parameter Up { get; private set; }
}

/// <summary>Codes of 3 bits, steps for 64 columns, and a table of the eight levels of each tensor.</summary>
[Codes("weight_codes", CodeType.UInt, Bits = 3, Word = 32)]
[Companion("level", "weight_levels")]
[Companion("step", "weight_step", "1 64")]
[Value("level[code] * step")]
public static class ThreeBits;
