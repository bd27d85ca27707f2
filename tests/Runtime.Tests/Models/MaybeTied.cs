using Lanyard.Tests.Losing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A head that some releases have, and others tie to the embedding of a child.</summary>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "model.weight")]
public sealed partial class MaybeTied : Module<Tensor, Tensor>
{
    public MaybeTied(bool tied)
        : base(nameof(MaybeTied))
    {
        HasHead = !tied;
        Model = new Handed();
        CreateParameters();
        RegisterComponents();
    }

    public bool HasHead { get; }

    [Axis] public int Vocab => 4;

    [Axis] public int Hidden => 3;

    public Handed Model { get; }

    [Parameter("vocab hidden", When = nameof(HasHead))]
    [FromCheckpoint("lm_head.weight", "vocab hidden")]
    public partial Parameter? LmHead { get; private set; }

    public override Tensor forward(Tensor hidden) => functional.linear(hidden, LmHead ?? Model.Weight);
}
