using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Models;

/// <summary>Heads that read keys, divided by heads: each head's value times that of the key that it reads, through an output projection that the ranks add up.</summary>
[ParameterModule]
public partial class GroupedRead : Module<Tensor, Tensor>
{
    public GroupedRead(int heads, int keys, int hidden, Topology? topology = null)
        : base(nameof(GroupedRead))
    {
        (Heads, Keys, Hidden) = (heads, keys, hidden);
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads { get; }

    [Axis(Follows = nameof(Heads))] public int Keys { get; }

    [Axis] public int Hidden { get; }

    [Parameter("(q: heads + k: keys) hidden")]
    [FromCheckpoint("q", "heads hidden", Part = "q")]
    [FromCheckpoint("k", "keys hidden", Part = "k")]
    public partial Parameter Qk { get; private set; }

    [Parameter("hidden heads")]
    [FromCheckpoint("o", "hidden heads")]
    public partial Parameter Out { get; private set; }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (heads, keys) = (Parameters.Held("heads").Length, Parameters.Held("keys").Length);
        var both = functional.linear(input, Qk);
        var read = both.narrow(1, heads, keys).index_select(1, Where(heads, keys));
        var part = functional.linear(both.narrow(1, 0, heads) * read, Out);
        return (Parameters.Collectives is { } ranks ? ranks.AllReduce(part, RankGroup.Tensor) : part).MoveToOuterDisposeScope();
    }

    protected virtual Tensor Where(int heads, int keys) => tensor(Parameters.Reads("heads", "keys").AsSpan().ToArray());
}
