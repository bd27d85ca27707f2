using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>The text experts of a list that has vision experts, too, and the gates of interleaved pairs.</summary>
[ParameterModule]
public sealed partial class ReadTexts : Module
{
    public ReadTexts(Topology? topology = null)
        : base(nameof(ReadTexts))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Text => 2;

    [Axis] public int Vision => 3;

    [Axis] public int Hidden => 4;

    [Parameter("text hidden")]
    [FromCheckpoint("experts.{text + vision}.w", "hidden")]
    public partial Parameter Experts { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("pairs", "(hidden (gate: 1 + up: 1))", Part = "gate")]
    public partial Parameter Gates { get; private set; }
}
