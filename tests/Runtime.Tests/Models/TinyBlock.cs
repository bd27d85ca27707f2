using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

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
