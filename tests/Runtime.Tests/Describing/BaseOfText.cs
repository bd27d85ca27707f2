using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Describing;

/// <summary>A base class that says how all below it are shown, and nobody else.</summary>
public abstract class BaseOfText(string name) : Module<Tensor, Tensor>(name)
{
    public sealed override string ToString() => "the text of the base";
}
