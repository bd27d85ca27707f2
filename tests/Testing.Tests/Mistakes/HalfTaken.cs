using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>Takes the keys of a tensor that has keys and values, and nobody takes the values.</summary>
[ParameterModule]
public sealed partial class HalfTaken : Module<Tensor, Tensor>
{
    public HalfTaken()
        : base(nameof(HalfTaken))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Heads => 3;

    [Axis] public int Nope => 4;

    [Axis] public int Value => 5;

    [Axis] public int Rank => 7;

    [Parameter("heads nope rank")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) rank")]
    public partial Parameter Keys { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Keys[0]);
}
