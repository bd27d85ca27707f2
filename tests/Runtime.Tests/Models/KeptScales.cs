using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Codes in bytes and scales of blocks of them, both kept as they are stored.</summary>
[ParameterModule]
public sealed partial class KeptScales : Module
{
    public KeptScales(long rows, long columns)
        : base(nameof(KeptScales))
    {
        (Rows, Columns) = (rows, columns);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public long Rows { get; }

    [Axis] public long Columns { get; }

    [Parameter("rows blocks(columns, 2)", Type = ScalarType.Byte)]
    [FromCheckpoint("p.weight", "rows blocks(columns, 2)")]
    public partial Parameter Codes { get; private set; }

    [Parameter("blocks(rows, 128) blocks(columns, 128)")]
    [FromCheckpoint("p.weight_scale_inv", "blocks(rows, 128) blocks(columns, 128)")]
    public partial Parameter Scales { get; private set; }
}
