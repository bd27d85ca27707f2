using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Authoring;

/// <summary>Children of every kind.</summary>
[ParameterModule]
public sealed partial class Stack : Module<Tensor, Tensor>
{
    public Stack()
        : base(nameof(Stack)) => RegisterComponents();

    [CheckpointName("self.first")] public Projection FirstOne { get; set; } = new();

    public Projection? Later { get; set; }

    public ModuleList<Projection> Blocks { get; } = new(new Projection(), new Projection());

    public List<Projection?> Extra { get; } = [new(), null, new()];

    public Linear Plain { get; } = Linear(2, 3);

    /// <summary>Not a child: one of the list's.</summary>
    public Projection Last => Blocks[^1];

    public override Tensor forward(Tensor input) => FirstOne.forward(input);
}
