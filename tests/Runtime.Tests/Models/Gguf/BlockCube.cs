using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>Tensors of one to three axes, as they lie and turned, of which a rank holds shares that need not be whole blocks; a norm stored minus one.</summary>
[ParameterModule]
[CheckpointAlias("turned", "cube")]
public sealed partial class BlockCube : Module<Tensor, Tensor>
{
    public BlockCube(int outer, int rows, int columns, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(BlockCube))
    {
        (Outer, Rows, Columns) = (outer, rows, columns);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis] public int Outer { get; }

    [Axis] public int Rows { get; }

    [Axis(Shard.Tensor)] public int Columns { get; }

    [Parameter("columns outer rows")]
    [FromCheckpoint("cube", "outer rows columns")]
    public partial Parameter Cube { get; private set; }

    [Parameter("outer (rows columns)")]
    [FromCheckpoint("matrix", "(outer rows) columns")]
    public partial Parameter Matrix { get; private set; }

    [Parameter("columns")]
    [FromCheckpoint("norm", "columns", Offset = 1)]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor input) => input * Norm;
}
