using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Queries that are padded together with the key that they read.</summary>
[ParameterModule]
public sealed partial class SharedKeys : Module<Tensor, Tensor>
{
    public SharedKeys(int queries, int keys, Topology? topology = null)
        : base(nameof(SharedKeys))
    {
        (Queries, Keys) = (queries, keys);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor, PadWithin = nameof(Keys))] public int Queries { get; }

    [Axis(Follows = nameof(Queries))] public int Keys { get; }

    [Parameter("(q: queries + k: keys)")]
    [FromCheckpoint("q", "queries", Part = "q")]
    [FromCheckpoint("k", "keys", Part = "k")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.matmul(Weight);
}
