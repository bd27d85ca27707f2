using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Queries that are rounded up without a word of the keys that they read.</summary>
[ParameterModule]
public sealed partial class RoundedQueries : Module<Tensor, Tensor>
{
    public RoundedQueries(int queries, int keys, Topology? topology = null)
        : base(nameof(RoundedQueries))
    {
        (Queries, Keys) = (queries, keys);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor, PadTo = 32)] public int Queries { get; }

    [Axis(Shard.Tensor, Replicate = true)] public int Keys { get; }

    [Parameter("queries")]
    [FromCheckpoint("q", "queries")]
    public partial Parameter Query { get; private set; }

    [Parameter("keys")]
    [FromCheckpoint("k", "keys")]
    public partial Parameter Key { get; private set; }

    public override Tensor forward(Tensor input) => input.matmul(Query);
}
