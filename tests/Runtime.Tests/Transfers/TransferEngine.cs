using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Transfers;

[ParameterModule]
internal sealed partial class TransferEngine : Module<Tensor, Tensor>
{
    public TransferEngine(Topology topology, ScalarType type)
        : base(nameof(TransferEngine))
    {
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis("gate", "up")] public int Proj => 2;

    [Axis(Shard.Tensor)] public int Intermediate => 8;

    [Axis] public int Hidden => 6;

    [Parameter("(proj intermediate) hidden")]
    [FromCheckpoint("{proj}.weight", "intermediate hidden")]
    public partial Parameter GateUp { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor tokens) => functional.linear(tokens, GateUp);
}
