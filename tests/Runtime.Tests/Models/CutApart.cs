using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Query and key heads of one parameter, each dealt out by itself.</summary>
[ParameterModule]
public sealed partial class CutApart : Module
{
    public CutApart(int heads, int keys, Topology topology)
        : base(nameof(CutApart))
    {
        (Heads, KvHeads) = (heads, keys);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor, Unit = 1)] public int Heads { get; }

    [Axis(Shard.Tensor, Unit = 1)] public int KvHeads { get; }

    [Axis] public int Dim => 2;

    [Parameter("(q: heads dim + k: kv_heads dim)")]
    [FromCheckpoint("q", "heads dim", Part = "q")]
    [FromCheckpoint("k", "kv_heads dim", Part = "k")]
    public partial Parameter Qk { get; private set; }
}
