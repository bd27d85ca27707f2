using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Merged projections with grouped heads, and a derived parameter that post-load makes from a loaded one.</summary>
[ParameterModule]
public sealed partial class TinyAttention : Module<Tensor, Tensor>
{
    public TinyAttention(int heads, int kvHeads, int headDim, int hidden, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(TinyAttention))
    {
        (Heads, KvHeads, HeadDim, Hidden) = (heads, kvHeads, headDim, hidden);
        CreateParameters(topology, type);
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
    public partial Parameter QkvWeight { get; private set; }

    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    public partial Parameter OWeight { get; private set; }

    /// <summary>The output projection transposed: no checkpoint brings it.</summary>
    [Parameter("(heads head_dim) hidden")]
    public partial Parameter OTransposed { get; private set; }

    public int Transposed { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(functional.linear(input, QkvWeight)[.., ..(Heads * HeadDim)], OWeight);

    [PostLoad]
    private void Transpose()
    {
        OTransposed = new Parameter(OWeight.t().contiguous(), requires_grad: false);
        Transposed++;
    }
}
