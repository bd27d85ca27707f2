using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>Stores the output projection the wrong way round: what is [hidden (heads head_dim)] in files.</summary>
[ParameterModule]
public sealed partial class TurnedOutput : Module<Tensor, Tensor>
{
    public TurnedOutput(int heads, int headDim, int hidden)
        : base(nameof(TurnedOutput))
    {
        (Heads, HeadDim, Hidden) = (heads, headDim, hidden);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Heads { get; }

    [Axis] public int HeadDim { get; }

    [Axis] public int Hidden { get; }

    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "(heads head_dim) hidden")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
