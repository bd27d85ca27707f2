using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>A float32 copy of a narrow parameter, and a transform of values: attention sinks, and Mamba's A = -exp(A_log).</summary>
[ParameterModule]
public sealed partial class WideCopies : Module<Tensor, Tensor>
{
    public WideCopies() : base(nameof(WideCopies)) => CreateParameters(type: ScalarType.BFloat16);

    [Axis] public int Heads => 4;

    [Parameter("heads")]
    [FromCheckpoint("sinks", "heads")]
    public partial Parameter Sinks { get; private set; }

    [Parameter("heads", Type = ScalarType.Float32)]
    public partial Parameter WideSinks { get; private set; }

    [Parameter("heads", Type = ScalarType.Float32)]
    [FromCheckpoint("A_log", "heads")]
    public partial Parameter A { get; private set; }

    public override Tensor forward(Tensor input) => input;

    [PostLoad]
    private void Widen() => WideSinks = Float8.Frozen(Sinks.to_type(ScalarType.Float32));

    [PostLoad]
    private void Negate() => A = Float8.Frozen(A.exp().neg());
}
