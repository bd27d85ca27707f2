using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Encoded tensors that become parts of one parameter, each with companions of its own, or all with one.</summary>
[ParameterModule]
public sealed partial class FormParts : Module
{
    public FormParts(Topology? topology, bool fused, ScalarType type = ScalarType.Float32)
        : base(nameof(FormParts))
    {
        Fused = fused;
        CreateParameters(topology, type);
        RegisterComponents();
    }

    public bool Fused { get; }

    public bool Sharded => !Fused;

    [Axis] public long Q => 12;

    [Axis] public long Kv => 6;

    [Axis(Shard.Tensor)] public long Hidden => Fused ? 64 : 14;

    [Axis("gate", "up")] public long Proj => 2;

    [Axis] public long Inter => 5;

    [Axis(Shard.Tensor)] public long Wide => Fused ? 384 : 14;

    [Axis] public long First => 7;

    [Axis] public long Last => 5;

    [Axis] public long Embed => 16;

    [Axis(Shard.Tensor)] public long Rows => Fused ? 32 : 14;

    [Axis] public long Columns => 6;

    [Parameter("(q: q + k: kv + v: kv) hidden", When = nameof(Fused))]
    [FromCheckpoint("q_proj.weight", "q hidden", Part = "q", Encoding = typeof(Nvfp4ModelOpt))]
    [FromCheckpoint("k_proj.weight", "kv hidden", Part = "k", Encoding = typeof(Nvfp4ModelOpt))]
    [FromCheckpoint("v_proj.weight", "kv hidden", Part = "v", Encoding = typeof(Nvfp4ModelOpt))]
    public partial Parameter? Qkv { get; private set; }

    [Parameter("(proj inter) wide", When = nameof(Fused))]
    [FromCheckpoint("{proj}_proj.weight_packed", "inter wide", Encoding = typeof(Int4Group128))]
    public partial Parameter? GateUp { get; private set; }

    [Parameter("(a: first + b: first + c: last) embed", When = nameof(Fused))]
    [FromCheckpoint("ngram_embedding.shard_0.weight", "first embed", Part = "a", Encoding = typeof(Fp8), Scale = "ngram_embedding.weight_scale")]
    [FromCheckpoint("ngram_embedding.shard_1.weight", "first embed", Part = "b", Encoding = typeof(Fp8), Scale = "ngram_embedding.weight_scale")]
    [FromCheckpoint("ngram_embedding.shard_2.weight", "last embed", Part = "c", Encoding = typeof(Fp8), Scale = "ngram_embedding.weight_scale")]
    public partial Parameter? Ngram { get; private set; }

    /// <summary>14 rows and 14 in blocks of 4: rank 1 of 2 begins in the middle of a block, in either part.</summary>
    [Parameter("(proj rows) columns", When = nameof(Sharded))]
    [FromCheckpoint("{proj}.weight", "rows columns", Encoding = typeof(SmallBlocks))]
    public partial Parameter? Halves { get; private set; }

    /// <summary>A fused tensor of both halves, whose blocks of 4 lie across them.</summary>
    [Parameter("(proj rows) columns", When = nameof(Sharded))]
    [FromCheckpoint("both.weight", "(proj rows) columns", Encoding = typeof(SmallBlocks))]
    public partial Parameter? Both { get; private set; }

    [Codes("weight", CodeType.Number)]
    [Companion("scale", "weight_scale_inv", "4 4")]
    [Value("code * scale")]
    public static class SmallBlocks;
}
