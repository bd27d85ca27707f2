using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Queries and keys in parameters of their own, the queries whole on every rank.</summary>
[ParameterModule]
public sealed partial class ApartHeads : Module
{
    public ApartHeads(int heads, Topology topology)
        : base(nameof(ApartHeads))
    {
        Heads = heads;
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis] public int Heads { get; }

    [Axis(Shard.Tensor)] public int KvHeads => 2;

    [Axis] public int HeadDim => 3;

    [Axis] public int Hidden => 5;

    [Parameter("(heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden")]
    public partial Parameter Query { get; private set; }

    [Parameter("(kv_heads head_dim) hidden")]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden")]
    public partial Parameter Key { get; private set; }
}
