using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Loading.Benchmarks.Models;

/// <summary>Eight small parameters of one checkpoint tensor each.</summary>
[ParameterModule]
public sealed partial class SmallLayer : Module
{
    public SmallLayer(int rows, ScalarType type)
        : base(nameof(SmallLayer))
    {
        Rows = rows;
        CreateParameters(null, type);
        RegisterComponents();
    }

    [Axis] public int Rows { get; }

    [Axis] public int Columns => 1024;

    [Parameter("rows columns"), FromCheckpoint("a", "rows columns")]
    public partial Parameter A { get; private set; }

    [Parameter("rows columns"), FromCheckpoint("b", "rows columns")]
    public partial Parameter B { get; private set; }

    [Parameter("rows columns"), FromCheckpoint("c", "rows columns")]
    public partial Parameter C { get; private set; }

    [Parameter("rows columns"), FromCheckpoint("d", "rows columns")]
    public partial Parameter D { get; private set; }

    [Parameter("rows columns"), FromCheckpoint("e", "rows columns")]
    public partial Parameter E { get; private set; }

    [Parameter("rows columns"), FromCheckpoint("f", "rows columns")]
    public partial Parameter F { get; private set; }

    [Parameter("rows columns"), FromCheckpoint("g", "rows columns")]
    public partial Parameter G { get; private set; }

    [Parameter("rows columns"), FromCheckpoint("h", "rows columns")]
    public partial Parameter H { get; private set; }
}
