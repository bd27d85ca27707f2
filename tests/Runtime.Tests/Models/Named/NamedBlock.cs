using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Two children, of which an instance has both or one; they have one name by default and different ones in a format.</summary>
[ParameterModule]
public sealed partial class NamedBlock : Module<Tensor, Tensor>
{
    public NamedBlock(bool isOther, Topology? topology = null)
        : base(nameof(NamedBlock))
    {
        if (isOther) Other = new NamedLeaf(topology);
        else One = new NamedLeaf(topology);
        Norm = new NamedLeaf(topology);
        RegisterComponents();
    }

    [CheckpointName("ffn")] public NamedLeaf? One { get; }

    [CheckpointName("ffn"), CheckpointName("moe", Format = "flat")] public NamedLeaf? Other { get; }

    [CheckpointName("", Format = "flat")] public NamedLeaf Norm { get; }

    public override Tensor forward(Tensor input) => Norm.forward(input);
}
