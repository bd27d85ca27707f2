using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Queries and values have a bias, keys have none; the fused bias begins with no number at all.</summary>
[ParameterModule]
public sealed partial class BiasedProjections : Module<Tensor, Tensor>
{
    public BiasedProjections(Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(BiasedProjections))
    {
        CreateParameters(topology, type);
        Bias = new Parameter(full_like(Bias!, double.NaN), requires_grad: false);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads => 2;

    [Axis] public int Dim => 2;

    [Parameter("(q: heads dim + k: heads dim + v: heads dim)")]
    [FromCheckpoint("q_proj.bias", "(heads dim)", Part = "q")]
    [FromCheckpoint("v_proj.bias", "(heads dim)", Part = "v")]
    [FromCheckpoint("qkv.bias", "(q: heads dim + k: heads dim + v: heads dim)", Format = "fused")]
    [Constant("k", 0, Format = "")]
    public partial Parameter Bias { get; private set; }

    public override Tensor forward(Tensor input) => input.add(Bias);
}
