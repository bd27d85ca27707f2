using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A root with parts that came from elsewhere, and a weight of its own.</summary>
[ParameterModule]
public sealed partial class TreeRoot : Module<Tensor, Tensor>
{
    /// <summary>A root that says nothing.</summary>
    public TreeRoot(params IEnumerable<TreePart> parts)
        : base(nameof(TreeRoot))
    {
        Parts = [.. parts];
        RegisterComponents();
    }

    /// <summary>A root that says something, before its children are there or afterwards.</summary>
    public TreeRoot(Func<TreePart[]> parts, bool early, Topology? topology = null, ScalarType? type = null, Device? device = null)
        : base(nameof(TreeRoot))
    {
        Parts = [];
        if (early) CreateParameters(topology, type, device);
        Parts = [.. parts()];
        if (!early) CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Columns => 6;

    [Parameter("columns")]
    [FromCheckpoint("norm", "columns")]
    public partial Parameter Norm { get; private set; }

    public List<TreePart> Parts { get; }

    public override Tensor forward(Tensor input) => Parts.Aggregate(input, (value, part) => part.call(value)) * Norm;
}
