using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Large weights, each divided over ranks along another axis.</summary>
[ParameterModule]
public sealed partial class SlicedModel : Module<Tensor, Tensor>
{
    public SlicedModel(Topology topology)
        : base(nameof(SlicedModel))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Out { get; } = 1024;

    [Axis] public int In { get; } = 1536;

    [Axis] public int Hidden { get; } = 8;

    [Axis(Shard.Tensor)] public int Wide { get; } = 1 << 18;

    [Axis(Shard.Tensor)] public int Wider { get; } = 1 << 20;

    [Axis(Shard.Expert)] public int Experts { get; } = 8;

    [Parameter("out in")]
    [FromCheckpoint("rows", "out in")]
    public partial Parameter Rows { get; private set; }

    [Parameter("hidden wide")]
    [FromCheckpoint("columns", "hidden wide")]
    public partial Parameter Columns { get; private set; }

    [Parameter("hidden wider")]
    [FromCheckpoint("quantised", "hidden wider", Scale = "quantised_scale")]
    public partial Parameter Quantised { get; private set; }

    [Parameter("experts hidden wide")]
    [FromCheckpoint("experts.{experts}", "hidden wide")]
    public partial Parameter Merged { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Rows);
}
