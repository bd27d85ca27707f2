using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A language model as an author writes it first: a tower under <c>model.</c> and a head, which files with tied weights do not have.</summary>
[ParameterModule]
public sealed partial class PlainLm : Module<Tensor, Tensor>
{
    public PlainLm(int layers = 3, ScalarType type = ScalarType.Float32)
        : base(nameof(PlainLm))
    {
        Model = new PlainTower(layers, type);
        CreateParameters(null, type);
        RegisterComponents();
    }

    [Axis] public int Vocab { get; } = PlainTower.Tokens;

    [Axis] public int Hidden { get; } = PlainTower.Width;

    public PlainTower Model { get; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("lm_head.weight", "vocab hidden")]
    public partial Parameter LmHeadWeight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(Model.forward(input), LmHeadWeight);
}
