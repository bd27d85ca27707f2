using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Query heads that are divided beside key heads that are not, in a class of any type: rules see it only where it is compiled.</summary>
[ParameterModule]
public sealed partial class PairedHeads<T> : Module
{
    public PairedHeads(int keys, Topology? topology = null, bool hasQk = true)
        : base(nameof(PairedHeads<T>))
    {
        (KvHeads, HasQk) = (keys, hasQk);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads => 4;

    [Axis] public int KvHeads { get; }

    [Axis] public int Dim => 2;

    [Axis(Shard.Tensor)] public int Out => 4;

    public bool HasQk { get; }

    [Parameter("(q: heads dim + k: kv_heads dim)", When = nameof(HasQk))]
    [FromCheckpoint("q", "heads dim", Part = "q")]
    [FromCheckpoint("k", "kv_heads dim", Part = "k")]
    public partial Parameter? Qk { get; private set; }

    [Parameter("out")]
    [FromCheckpoint("out", "out")]
    public partial Parameter Bias { get; private set; }
}
