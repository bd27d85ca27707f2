using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A vector of each expert, which files have for each expert, or once for all of them and both projections; experts and columns are divided.</summary>
[ParameterModule]
public sealed partial class RepeatedRows : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public RepeatedRows(Topology? topology = null)
        : base(nameof(RepeatedRows))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts => 3;

    [Axis(Shard.Tensor)] public int Columns => 4;

    [Parameter("columns (experts proj)")]
    [FromCheckpoint("experts.{experts}.{proj}.scale", "columns")]
    [FromCheckpoint("scale", "columns", Repeat = "experts proj", Format = "shared")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Scale);
}
