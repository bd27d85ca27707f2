using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Models;

/// <summary>Stored longer than it is, a kernel layout, a part that is constant, one that may be absent, a parameter that few instances have, shards.</summary>
[ParameterModule]
public sealed partial class Padded : Module<Tensor, Tensor>
{
    public Padded(Topology? topology = null)
        : base(nameof(Padded))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    public bool HasExtra => false;

    [Axis(Shard.Tensor)] public int Heads => 4;

    [Axis] public int Dim => 3;

    [Axis] public int Hidden => 7;

    [Axis] public int Shards => 2;

    [Axis] public int Rows => 5;

    [Parameter("(heads dim) hidden", Kernel = "(heads dim) pad(hidden, 8)")]
    [FromCheckpoint("weight", "pad((heads dim), 16) hidden")]
    public partial Parameter Weight { get; private set; }

    [Parameter("(q: heads dim + k: heads dim + v: heads dim)")]
    [FromCheckpoint("q.bias", "(heads dim)", Part = "q")]
    [FromCheckpoint("v.bias", "(heads dim)", Part = "v")]
    [Constant("k", 0)]
    public partial Parameter Bias { get; private set; }

    [Parameter("", Absent = 1)]
    [FromCheckpoint("k_scale", "")]
    public partial Parameter Scale { get; private set; }

    [Parameter("hidden", When = nameof(HasExtra))]
    [FromCheckpoint("extra", "hidden")]
    public partial Parameter? Extra { get; private set; }

    [Parameter("rows hidden")]
    [FromCheckpoint("table.{shards}", "rows hidden", Joined = "rows")]
    public partial Parameter Table { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
