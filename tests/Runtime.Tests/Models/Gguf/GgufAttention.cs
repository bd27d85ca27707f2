using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>The attention of one layer, which has no level of its own in GGUF files. Where the architecture is llama, the rows of q and k lie in pairs there.</summary>
[ParameterModule]
public sealed partial class GgufAttention : Module<Tensor, Tensor>
{
    [Axis] private const int Half = 2;

    public GgufAttention(GgufSizes sizes, Topology? topology, ScalarType type)
        : base(nameof(GgufAttention))
    {
        (Hidden, Heads, KvHeads, Pair, HasHeadNorms) = (sizes.Hidden, sizes.Heads, sizes.KvHeads, sizes.HeadDim / Half, sizes.HasHeadNorms);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    public bool HasHeadNorms { get; }

    [Axis] public int Hidden { get; }

    [Axis(Shard.Tensor)] public int Heads { get; }

    [Axis(Shard.Tensor, Replicate = true)] public int KvHeads { get; }

    [Axis] public int Pair { get; }

    [Parameter("(q: heads half pair + k: kv_heads half pair + v: kv_heads half pair) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads half pair) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(kv_heads half pair) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(kv_heads half pair) hidden", Part = "v")]
    [FromCheckpoint("attn_q.weight", "(heads half pair) hidden", Part = "q", Format = "gguf")]
    [FromCheckpoint("attn_k.weight", "(kv_heads half pair) hidden", Part = "k", Format = "gguf")]
    [FromCheckpoint("attn_v.weight", "(kv_heads half pair) hidden", Part = "v", Format = "gguf")]
    [FromCheckpoint("attn_q.weight", "(heads pair half) hidden", Part = "q", Format = "gguf-llama")]
    [FromCheckpoint("attn_k.weight", "(kv_heads pair half) hidden", Part = "k", Format = "gguf-llama")]
    [FromCheckpoint("attn_v.weight", "(kv_heads half pair) hidden", Part = "v", Format = "gguf-llama")]
    public partial Parameter Qkv { get; private set; }

    [Parameter("half pair", When = nameof(HasHeadNorms))]
    [FromCheckpoint("q_norm.weight", "(half pair)")]
    [FromCheckpoint("attn_q_norm.weight", "(half pair)", Format = "gguf")]
    public partial Parameter? QNorm { get; private set; }

    [Parameter("half pair", When = nameof(HasHeadNorms))]
    [FromCheckpoint("k_norm.weight", "(half pair)")]
    [FromCheckpoint("attn_k_norm.weight", "(half pair)", Format = "gguf")]
    public partial Parameter? KNorm { get; private set; }

    [Parameter("hidden (heads half pair)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads half pair)")]
    [FromCheckpoint("attn_output.weight", "hidden (heads half pair)", Format = "gguf")]
    public partial Parameter Out { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Qkv);
}
