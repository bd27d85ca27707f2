using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Transfers;

/// <summary>What <see cref="TransferEngine"/> stores, in tensors of the same shape, with the halves the other way round.</summary>
[ParameterModule]
internal sealed partial class TransferUpFirst : Module<Tensor, Tensor>
{
    public TransferUpFirst()
        : base(nameof(TransferUpFirst))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis("up", "gate")] public int Proj => 2;

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
