using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>Multi-head latent attention: the down-projections merged, keys and values each out of their half of the up-projection.</summary>
[ParameterModule]
public sealed partial class DeepSeekAttention : Module<Tensor, Tensor>
{
    public DeepSeekAttention(DeepSeekSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(DeepSeekAttention))
    {
        (Hidden, Heads, QRank, KvRank, Nope, Rope, Value) = (sizes.Hidden, sizes.Heads, sizes.QRank, sizes.KvRank, sizes.Nope, sizes.Rope, sizes.Value);
        CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Axis(Shard.Tensor)] public int Heads { get; }

    [Axis] public int QRank { get; }

    [Axis] public int KvRank { get; }

    [Axis] public int Nope { get; }

    [Axis] public int Rope { get; }

    [Axis] public int Value { get; }

    [Parameter("(q_rank + kv_rank + rope) hidden")]
    [FromCheckpoint("q_a_proj.weight", "q_rank hidden", Scale = "q_a_proj.weight_scale_inv", BlockSize = 128)]
    [FromCheckpoint("kv_a_proj_with_mqa.weight", "(kv_rank + rope) hidden", Scale = "kv_a_proj_with_mqa.weight_scale_inv", BlockSize = 128)]
    public partial Parameter QkvA { get; private set; }

    [Parameter("q_rank")]
    [FromCheckpoint("q_a_layernorm.weight", "q_rank")]
    public partial Parameter QANorm { get; private set; }

    [Parameter("kv_rank")]
    [FromCheckpoint("kv_a_layernorm.weight", "kv_rank")]
    public partial Parameter KvANorm { get; private set; }

    [Parameter("(heads (nope + rope)) q_rank")]
    [FromCheckpoint("q_b_proj.weight", "(heads (nope + rope)) q_rank", Scale = "q_b_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter QB { get; private set; }

    [Parameter("heads nope kv_rank")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) kv_rank", Scale = "kv_b_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter KeyUp { get; private set; }

    [Parameter("heads kv_rank value")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) kv_rank", Scale = "kv_b_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter ValueUp { get; private set; }

    [Parameter("hidden (heads value)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads value)", Scale = "o_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter Out { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, QkvA);
}
