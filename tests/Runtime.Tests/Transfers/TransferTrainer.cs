using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Transfers;

[ParameterModule]
internal sealed partial class TransferTrainer : Module<Tensor, Tensor>
{
    public TransferTrainer(Topology topology)
        : base(nameof(TransferTrainer))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Intermediate => 8;

    [Axis] public int Hidden => 6;

    [Parameter("intermediate hidden")]
    [FromCheckpoint("gate.weight", "intermediate hidden")]
    public partial Parameter Gate { get; private set; }

    [Parameter("hidden intermediate")]
    [FromCheckpoint("up.weight", "intermediate hidden")]
    public partial Parameter Up { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor tokens) => functional.linear(tokens, Gate).mul(functional.linear(tokens, Up.t()));
}
