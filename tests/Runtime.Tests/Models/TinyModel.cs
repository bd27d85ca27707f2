using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A tree: a list of blocks under an optional prefix, a norm, and tensors that it ignores.</summary>
[ParameterModule]
[CheckpointPrefix("language_model.")]
[Ignore("vision_model.**")]
public sealed partial class TinyModel : Module<Tensor, Tensor>
{
    public TinyModel(TinySizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(TinyModel))
    {
        Hidden = sizes.Hidden;
        Layers = new ModuleList<TinyBlock>([.. Enumerable.Range(0, sizes.Layers).Select(_ => new TinyBlock(sizes, topology, type))]);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    public ModuleList<TinyBlock> Layers { get; }

    public override Tensor forward(Tensor input) => Layers[0].forward(input) * Norm;
}

/// <summary>One block of a <see cref="TinyModel"/>.</summary>
[ParameterModule]
public sealed partial class TinyBlock : Module<Tensor, Tensor>
{
    public TinyBlock(TinySizes sizes, Topology? topology, ScalarType type)
        : base(nameof(TinyBlock))
    {
        Attention = new TinyAttention(sizes.Heads, sizes.KvHeads, sizes.HeadDim, sizes.Hidden, topology, type);
        FeedForward = new TinyExperts(sizes.Experts, sizes.Intermediate, sizes.Hidden, topology, type);
        RegisterComponents();
    }

    [CheckpointName("self_attn")] public TinyAttention Attention { get; }

    [CheckpointName("mlp.experts")] public TinyExperts FeedForward { get; }

    public override Tensor forward(Tensor input) => Attention.forward(input);
}

/// <summary>Sizes, every one different unless a test wants otherwise.</summary>
public sealed record TinySizes(int Layers = 2, int Heads = 4, int KvHeads = 2, int HeadDim = 6, int Hidden = 10, int Experts = 3, int Intermediate = 12);
