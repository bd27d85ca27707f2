using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Models;

/// <summary>Grouped heads in one matrix, and an output projection.</summary>
[ParameterModule]
public sealed partial class SmallAttention : Module<Tensor, Tensor>
{
    public SmallAttention(SmallSizes sizes)
        : base(nameof(SmallAttention))
    {
        (Heads, KvHeads, HeadDim, Hidden) = (sizes.Heads, sizes.KvHeads, sizes.HeadDim, sizes.Hidden);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads { get; }

    [Axis(Shard.Tensor, Replicate = true)] public int KvHeads { get; }

    [Axis] public int HeadDim { get; }

    [Axis] public int Hidden { get; }

    [Parameter("(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(kv_heads head_dim) hidden", Part = "v")]
    public partial Parameter Qkv { get; private set; }

    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    public partial Parameter O { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, O);
}
