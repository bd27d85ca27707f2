using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Authoring;

/// <summary>A module of TorchSharp's own kind, which finds its children by reflection.</summary>
public sealed class Parent : Module<Tensor, Tensor>
{
    private readonly Stack _stack = new();

    public Parent()
        : base(nameof(Parent)) => RegisterComponents();

    public Stack Stack => _stack;

    public override Tensor forward(Tensor input) => _stack.forward(input);
}
