using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>One scale on each stage, which is one where the checkpoint has none, and one weight, which a constructor fills where it is held.</summary>
[ParameterModule]
public sealed partial class StagedScales : Module<Tensor, Tensor>
{
    public StagedScales(Topology topology, bool everywhere = false)
        : base(nameof(StagedScales))
    {
        Parameters.First.OnStages(0);
        Parameters.Last.OnStages(^1);
        Parameters.LastScale.OnStages(^1);
        CreateParameters(topology);
        if (everywhere || !Parameters.Last.IsElsewhere) Last = new Parameter(torch.zeros(Hidden), requires_grad: false);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; } = 2;

    [Parameter("hidden")]
    [FromCheckpoint("first", "hidden")]
    public partial Parameter First { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("last", "hidden")]
    public partial Parameter Last { get; private set; }

    [Parameter("1", Absent = 1)]
    [FromCheckpoint("last_scale", "1")]
    public partial Parameter LastScale { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, First);
}
