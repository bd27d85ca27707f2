using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>One layer under GGUF's names and under two others, dense or a mixture. Where the architecture is llama, the rows of q and k lie in pairs.</summary>
[ParameterModule]
public sealed partial class GgufLayer : Module<Tensor, Tensor>
{
    [Axis] private const int Half = 2;

    public GgufLayer(GgufSizes sizes, bool dense, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(GgufLayer))
    {
        (Hidden, Heads, KvHeads, Pair) = (sizes.Hidden, sizes.Heads, sizes.KvHeads, sizes.HeadDim / Half);
        (Experts, Intermediate, ExpertIntermediate) = (Math.Max(1, sizes.Experts), sizes.Intermediate, sizes.ExpertIntermediate);
        (IsDense, HasHeadNorms) = (dense, sizes.HasHeadNorms);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    public bool IsDense { get; }

    public bool IsMixture => !IsDense;

    public bool HasHeadNorms { get; }

    [Axis] public int Hidden { get; }

    [Axis(Shard.Tensor)] public int Heads { get; }

    [Axis(Shard.Tensor, Replicate = true)] public int KvHeads { get; }

    [Axis] public int Pair { get; }

    [Axis(Shard.Tensor)] public int Intermediate { get; }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis(Shard.Tensor)] public int ExpertIntermediate { get; }

    [Parameter("hidden")]
    [FromCheckpoint("input_layernorm.weight", "hidden")]
    [FromCheckpoint("attn_norm.weight", "hidden", Format = "gguf")]
    public partial Parameter AttnNorm { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("post_attention_layernorm.weight", "hidden")]
    [FromCheckpoint("ffn_norm.weight", "hidden", Format = "gguf")]
    public partial Parameter FfnNorm { get; private set; }

    [Parameter("(q: heads half pair + k: kv_heads half pair + v: kv_heads half pair) hidden")]
    [FromCheckpoint("self_attn.q_proj.weight", "(heads half pair) hidden", Part = "q")]
    [FromCheckpoint("self_attn.k_proj.weight", "(kv_heads half pair) hidden", Part = "k")]
    [FromCheckpoint("self_attn.v_proj.weight", "(kv_heads half pair) hidden", Part = "v")]
    [FromCheckpoint("attn_q.weight", "(heads half pair) hidden", Part = "q", Format = "gguf")]
    [FromCheckpoint("attn_k.weight", "(kv_heads half pair) hidden", Part = "k", Format = "gguf")]
    [FromCheckpoint("attn_v.weight", "(kv_heads half pair) hidden", Part = "v", Format = "gguf")]
    [FromCheckpoint("attn_q.weight", "(heads pair half) hidden", Part = "q", Format = "gguf-llama")]
    [FromCheckpoint("attn_k.weight", "(kv_heads pair half) hidden", Part = "k", Format = "gguf-llama")]
    [FromCheckpoint("attn_v.weight", "(kv_heads half pair) hidden", Part = "v", Format = "gguf-llama")]
    public partial Parameter Qkv { get; private set; }

    [Parameter("half pair", When = nameof(HasHeadNorms))]
    [FromCheckpoint("self_attn.q_norm.weight", "(half pair)")]
    [FromCheckpoint("attn_q_norm.weight", "(half pair)", Format = "gguf")]
    public partial Parameter? QNorm { get; private set; }

    [Parameter("half pair", When = nameof(HasHeadNorms))]
    [FromCheckpoint("self_attn.k_norm.weight", "(half pair)")]
    [FromCheckpoint("attn_k_norm.weight", "(half pair)", Format = "gguf")]
    public partial Parameter? KNorm { get; private set; }

    [Parameter("hidden (heads half pair)")]
    [FromCheckpoint("self_attn.o_proj.weight", "hidden (heads half pair)")]
    [FromCheckpoint("attn_output.weight", "hidden (heads half pair)", Format = "gguf")]
    public partial Parameter Out { get; private set; }

    [Parameter("intermediate hidden", When = nameof(IsDense))]
    [FromCheckpoint("mlp.gate_proj.weight", "intermediate hidden")]
    [FromCheckpoint("ffn_gate.weight", "intermediate hidden", Format = "gguf")]
    public partial Parameter? Gate { get; private set; }

    [Parameter("intermediate hidden", When = nameof(IsDense))]
    [FromCheckpoint("mlp.up_proj.weight", "intermediate hidden")]
    [FromCheckpoint("ffn_up.weight", "intermediate hidden", Format = "gguf")]
    public partial Parameter? Up { get; private set; }

    [Parameter("hidden intermediate", When = nameof(IsDense))]
    [FromCheckpoint("mlp.down_proj.weight", "hidden intermediate")]
    [FromCheckpoint("ffn_down.weight", "hidden intermediate", Format = "gguf")]
    public partial Parameter? Down { get; private set; }

    [Parameter("experts hidden", When = nameof(IsMixture))]
    [FromCheckpoint("mlp.gate.weight", "experts hidden")]
    [FromCheckpoint("block_sparse_moe.gate.weight", "experts hidden", Format = "mixtral")]
    [FromCheckpoint("ffn_gate_inp.weight", "experts hidden", Format = "gguf")]
    public partial Parameter? Router { get; private set; }

    [Parameter("experts hidden expert_intermediate", When = nameof(IsMixture))]
    [FromCheckpoint("mlp.experts.{experts}.gate_proj.weight", "expert_intermediate hidden")]
    [FromCheckpoint("block_sparse_moe.experts.{experts}.w1.weight", "expert_intermediate hidden", Format = "mixtral")]
    [FromCheckpoint("ffn_gate_exps.weight", "experts expert_intermediate hidden", Format = "gguf")]
    public partial Parameter? ExpertGate { get; private set; }

    [Parameter("experts expert_intermediate hidden", When = nameof(IsMixture))]
    [FromCheckpoint("mlp.experts.{experts}.up_proj.weight", "expert_intermediate hidden")]
    [FromCheckpoint("block_sparse_moe.experts.{experts}.w3.weight", "expert_intermediate hidden", Format = "mixtral")]
    [FromCheckpoint("ffn_up_exps.weight", "experts expert_intermediate hidden", Format = "gguf")]
    public partial Parameter? ExpertUp { get; private set; }

    [Parameter("experts hidden expert_intermediate", When = nameof(IsMixture))]
    [FromCheckpoint("mlp.experts.{experts}.down_proj.weight", "hidden expert_intermediate")]
    [FromCheckpoint("block_sparse_moe.experts.{experts}.w2.weight", "hidden expert_intermediate", Format = "mixtral")]
    [FromCheckpoint("ffn_down_exps.weight", "experts hidden expert_intermediate", Format = "gguf")]
    public partial Parameter? ExpertDown { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Qkv);
}
