using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>Children of every kind that have names of their own in formats.</summary>
[ParameterModule]
public sealed partial class NamedTree : Module<Tensor, Tensor>
{
    public NamedTree(Topology? topology = null)
        : base(nameof(NamedTree))
    {
        Layers = [new NamedBlock(isOther: false, topology), new NamedBlock(isOther: true, topology)];
        Bare = [new NamedLeaf(topology)];
        Keyed = ModuleDict(("a", new NamedLeaf(topology)));
        Between = Sequential(("inner", new NamedLeaf(topology)));
        Plain = new NamedLeaf(topology);
        RegisterComponents();
    }

    [CheckpointName("model.layers"), CheckpointName("blk", Format = "flat"), CheckpointName("l", Format = "scaled")]
    public List<NamedBlock> Layers { get; }

    [CheckpointName("", Format = "flat")] public ModuleList<NamedLeaf> Bare { get; }

    [CheckpointName("k", Format = "flat")] public ModuleDict<NamedLeaf> Keyed { get; }

    [CheckpointName("b.c", Format = "flat")] public Sequential Between { get; }

    public NamedLeaf Plain { get; }

    public override Tensor forward(Tensor input) => Plain.forward(input);
}
