using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Packed blocks in a matrix and a vector, and block scales of stacked matrices, each divided within a block.</summary>
[ParameterModule]
public sealed partial class PackedWeights : Module<Tensor, Tensor>
{
    public PackedWeights(Topology topology)
        : base(nameof(PackedWeights))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; } = 3;

    [Axis] public int Out { get; } = 6;

    [Axis(Shard.Tensor)] public int In { get; } = 96;

    [Parameter("out in")]
    [FromCheckpoint("matrix_blocks", "out in", Scale = "matrix_scales", Packing = Packing.Mxfp4)]
    public partial Parameter Matrix { get; private set; }

    [Parameter("in")]
    [FromCheckpoint("vector_blocks", "in", Scale = "vector_scales", Packing = Packing.Mxfp4)]
    public partial Parameter Vector { get; private set; }

    [Parameter("experts in out")]
    [FromCheckpoint("stacked", "experts out in", Scale = "stacked_scale", BlockSize = 4)]
    public partial Parameter Stacked { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Matrix);
}
