using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>vLLM's loaders of hybrid, latent-attention, expert and quantised layers as declarations. Tests and documentation read this list.</summary>
internal static class HybridLoaders
{
    private const string Mixed = "x: heads dim + b: groups state + c: groups state";
    private const string Deltas = "q: k_heads k_dim + k: k_heads k_dim + v: k_heads group v_dim";
    private static readonly ImmutableArray<AxisEntry> Mamba = [Split("heads"), Whole("dim"), Follow("groups", "heads"), Whole("state"), Whole("hidden"), Whole("kernel")];
    private static readonly ImmutableArray<AxisEntry> Delta = [Split("k_heads"), Whole("group"), Whole("k_dim"), Whole("v_dim"), Whole("hidden"), Whole("kernel")];
    private static readonly ImmutableArray<AxisEntry> Heads = [Split("heads"), Follow("kv", "heads"), Whole("dim"), Whole("hidden")];
    private static readonly ImmutableArray<AxisEntry> GateUp = [Labelled("proj", "gate", "up"), Split("inter"), Whole("hidden")];
    private static readonly ImmutableArray<AxisEntry> Experts = [Whole("experts"), .. GateUp];
    private static readonly ImmutableArray<AxisEntry> Placed = [new("experts", Shard.Expert, false, []), Labelled("proj", "gate", "up"), Whole("inter"), Whole("hidden")];
    private static readonly ImmutableArray<AxisEntry> InUnits =
    [
        Whole("experts"), Labelled("proj", "gate", "up"), Split("inter") with { Unit = 32, Padded = true }, Split("blocks") with { Padded = true },
        Whole("hidden"), Whole("hidden_blocks"), Whole("bytes"),
    ];

    private static readonly ImmutableArray<AxisEntry> Blocks = [Split("out"), Split("in"), Whole("all_out"), Whole("all_in"), Follow("out_blocks", "out", 4), Follow("in_blocks", "in", 4)];
    private static readonly ImmutableArray<AxisEntry> Merged = [Split("gate"), Split("up"), Follow("gate_blocks", "gate", 4), Follow("up_blocks", "up", 4), Whole("hidden"), Whole("all_blocks")];
    private static readonly ImmutableArray<AxisEntry> Words = [Split("in"), Follow("in_words", "in", 8), Follow("in_groups", "in", 16), Split("gate"), Split("up"), Follow("gate_words", "gate", 8), Follow("up_words", "up", 8), .. Heads, Follow("q_words", "heads dim", 8), Follow("kv_words", "kv dim", 8)];

    // Mamba-2.
    public static Loader MixerIn { get; } = new("`MambaMixer2`, `in_proj`", Mamba, $"(z: heads dim + {Mixed} + dt: heads) hidden", new LayoutSource("in_proj.weight", $"(z: heads dim + {Mixed} + dt: heads) hidden"));

    public static Loader MixerInBias { get; } = new("`MambaMixer2`, bias of `in_proj`", Mamba, $"(z: heads dim + {Mixed} + dt: heads)", new LayoutSource("in_proj.bias", $"(z: heads dim + {Mixed} + dt: heads)"));

    public static Loader MixerConvolution { get; } = new("`MambaMixer2`, `conv1d`", Mamba, $"({Mixed}) 1 kernel", new LayoutSource("conv1d.weight", $"({Mixed}) 1 kernel"));

    public static Loader MixerConvolutionBias { get; } = new("`MambaMixer2`, bias of `conv1d`", Mamba, $"({Mixed})", new LayoutSource("conv1d.bias", $"({Mixed})"));

    public static Loader PerHead { get; } = new("values for each head: `A_log`, `D`, `dt_bias`, `sinks`", [Split("heads")], "heads", new LayoutSource("dt_bias", "heads"));

    public static Loader HeadNorm { get; } = new("a norm over all heads of a token", [Split("heads"), Whole("dim")], "(heads dim)", new LayoutSource("norm.weight", "(heads dim)"));

    public static Loader HeadOut { get; } = new("an output projection of heads", [Split("heads"), Whole("dim"), Whole("hidden")], "hidden (heads dim)", new LayoutSource("o_proj.weight", "hidden (heads dim)"));

    // Gated delta nets, and attention with gates.
    public static Loader DeltaConvolution { get; } = new("`Qwen3NextGatedDeltaNet`, `conv1d`", Delta, $"({Deltas}) 1 kernel", new LayoutSource("conv1d.weight", $"({Deltas}) 1 kernel"));

    public static Loader DeltaPerHead { get; } = new("`Qwen3NextGatedDeltaNet`, values for each value head", [Split("k_heads"), Whole("group")], "(k_heads group)", new LayoutSource("A_log", "(k_heads group)"));

    public static Loader DeltaOut { get; } = new("`Qwen3NextGatedDeltaNet`, `out_proj`", Delta, "hidden (k_heads group v_dim)", new LayoutSource("out_proj.weight", "hidden (k_heads group v_dim)"));

    public static Loader DeltaInterleaved { get; } = new("`in_proj_qkvz` of Qwen3-Next, by key head",
        Delta, "(k_heads (q: k_dim + k: k_dim + v: group v_dim + z: group v_dim)) hidden", new LayoutSource("in_proj_qkvz.weight", "(k_heads (q: k_dim + k: k_dim + v: group v_dim + z: group v_dim)) hidden"));

    public static Loader DeltaInterleavedGates { get; } = new("`in_proj_ba` of Qwen3-Next, by key head",
        Delta, "(k_heads (b: group + a: group)) hidden", new LayoutSource("in_proj_ba.weight", "(k_heads (b: group + a: group)) hidden"));

    public static Loader DeltaMerged { get; } = new("`in_proj_qkvz` of Qwen3.5, from two tensors",
        Delta, $"({Deltas} + z: k_heads group v_dim) hidden", new LayoutSource("in_proj_qkv.weight", $"({Deltas}) hidden"), new LayoutSource("in_proj_z.weight", "(k_heads group v_dim) hidden", "z"));

    public static Loader DeltaMergedGates { get; } = new("`in_proj_ba` of Qwen3.5, from two tensors",
        Delta, "(b: k_heads group + a: k_heads group) hidden", new LayoutSource("in_proj_b.weight", "(k_heads group) hidden", "b"), new LayoutSource("in_proj_a.weight", "(k_heads group) hidden", "a"));

    public static Loader GatedQueries { get; } = new("`Qwen3NextAttention`, query and gate of each head in turn",
        [.. Heads, Labelled("gated", "query", "gate")], "(q: heads gated dim + k: kv dim + v: kv dim) hidden",
        new LayoutSource("q_proj.weight", "(heads gated dim) hidden", "q"), new LayoutSource("k_proj.weight", "(kv dim) hidden", "k"), new LayoutSource("v_proj.weight", "(kv dim) hidden", "v"));

    public static Loader Queries { get; } = new("`QKVParallelLinear`, any tensors of rows",
        Heads, "(q: heads dim + k: kv dim + v: kv dim) hidden", new LayoutSource("q", "(heads dim) hidden", "q"), new LayoutSource("k", "(kv dim) hidden", "k"), new LayoutSource("v", "(kv dim) hidden", "v"));

    public static Loader QueryBias { get; } = new("`QKVParallelLinear`, bias",
        Heads, "(q: heads dim + k: kv dim + v: kv dim)", new LayoutSource("q", "(heads dim)", "q"), new LayoutSource("k", "(kv dim)", "k"), new LayoutSource("v", "(kv dim)", "v"));

    public static Loader KeysAsValues { get; } = new("`Gemma4Attention`, keys that serve as values",
        Heads, "(q: heads dim + k: kv dim + v: kv dim) hidden", new LayoutSource("q_proj.weight", "(heads dim) hidden", "q"), new LayoutSource("k_proj.weight", "(kv dim) hidden", "k"), new LayoutSource("k_proj.weight", "(kv dim) hidden", "v"));

    public static Loader KeyNorm { get; } = new("`MiniMaxM2Attention`, `k_norm` over all key heads", Heads, "(kv dim)", new LayoutSource("k_norm.weight", "(kv dim)"));

    // Held whole.
    public static Loader Vector { get; } = new("a vector that every rank holds", [Whole("out")], "out", new LayoutSource("norm.weight", "out"));

    public static Loader Row { get; } = new("a gate of one row", [Whole("hidden")], "1 hidden", new LayoutSource("shared_expert_gate.weight", "1 hidden"));

    public static Loader Matrix { get; } = new("a matrix that every rank holds", [Whole("out"), Whole("in")], "out in", new LayoutSource("weight", "out in"));

    public static Loader LatentDown { get; } = new("`DeepseekV2MLAAttention`, `fused_qkv_a_proj`",
        [Whole("q_rank"), Whole("kv_rank"), Whole("rope"), Whole("hidden")], "(q_rank + kv_rank + rope) hidden", new LayoutSource("q_a_proj.weight", "q_rank hidden"), new LayoutSource("kv_a_proj_with_mqa.weight", "(kv_rank + rope) hidden"));

    public static Loader LatentIndexer { get; } = new("`Indexer`, `wk_weights_proj`",
        [Whole("index_dim"), Whole("index_heads"), Whole("hidden")], "(index_dim + index_heads) hidden", new LayoutSource("wk.weight", "index_dim hidden"), new LayoutSource("weights_proj.weight", "index_heads hidden"));

    public static Loader LatentUp { get; } = new("`DeepseekV2MLAAttention`, `q_b_proj` and `kv_b_proj`",
        [Split("heads"), Whole("nope"), Whole("other"), Whole("rank")], "(heads (nope + other)) rank", new LayoutSource("kv_b_proj.weight", "(heads (nope + other)) rank"));

    public static Loader LayerEmbedding { get; } = new("`Gemma4Model`, an embedding for each layer",
        [Split("vocab") with { PadTo = 64 }, Whole("layers"), Whole("dim")], "vocab (layers dim)", new LayoutSource("embed_tokens_per_layer.weight", "vocab (layers dim)"));

    // Experts.
    public static Loader Fused { get; } = new("`RoutedExperts`, gate and up in one tensor", Experts, "experts (proj inter) hidden", new LayoutSource("gate_up_proj", "experts (proj inter) hidden"));

    public static Loader FusedDown { get; } = new("`RoutedExperts`, down in one tensor", Experts, "experts hidden inter", new LayoutSource("down_proj", "experts hidden inter"));

    public static Loader Interleaved { get; } = new("`GptOssForCausalLM`, gate and up interleaved", Experts, "experts (inter proj) hidden", new LayoutSource("gate_up_proj", "experts hidden (inter proj)"));

    public static Loader InterleavedBias { get; } = new("`GptOssForCausalLM`, bias of gate and up", Experts, "experts (inter proj)", new LayoutSource("gate_up_proj_bias", "experts (inter proj)"));

    public static Loader TransposedDown { get; } = new("`GptOssForCausalLM`, down", Experts, "experts hidden inter", new LayoutSource("down_proj", "experts inter hidden"));

    public static Loader FirstRankBias { get; } = new("`GptOssForCausalLM`, the bias of down, which comes in once",
        [Whole("experts"), new("hidden", Shard.FirstTensorRank, false, [])], "experts hidden", new LayoutSource("down_proj_bias", "experts hidden"));

    public static Loader UnitCodes { get; } = new("`GptOssForCausalLM` in MXFP4, codes of gate and up in whole blocks",
        InUnits, "experts (inter proj) (hidden_blocks bytes)", new LayoutSource("gate_up_proj_blocks", "experts (inter proj) hidden_blocks bytes"));

    public static Loader UnitScales { get; } = new("`GptOssForCausalLM` in MXFP4, scales of gate and up", InUnits, "experts (inter proj) hidden_blocks", new LayoutSource("gate_up_proj_scales", "experts (inter proj) hidden_blocks"));

    public static Loader UnitBias { get; } = new("`GptOssForCausalLM` in MXFP4, bias of gate and up", InUnits, "experts (inter proj)", new LayoutSource("gate_up_proj_bias", "experts (inter proj)"));

    public static Loader UnitDownCodes { get; } = new("`GptOssForCausalLM` in MXFP4, codes of down", InUnits, "experts hidden (blocks bytes)", new LayoutSource("down_proj_blocks", "experts hidden blocks bytes"));

    public static Loader UnitDownScales { get; } = new("`GptOssForCausalLM` in MXFP4, scales of down", InUnits, "experts hidden blocks", new LayoutSource("down_proj_scales", "experts hidden blocks"));

    public static Loader PlacedInterleaved { get; } = new("`GptOssForCausalLM`, whole experts on the ranks", Placed, "experts (inter proj) hidden", new LayoutSource("gate_up_proj", "experts hidden (inter proj)"));

    public static Loader PlacedInterleavedBias { get; } = new("`GptOssForCausalLM`, whole experts, bias of gate and up", Placed, "experts (inter proj)", new LayoutSource("gate_up_proj_bias", "experts (inter proj)"));

    public static Loader PlacedTransposedDown { get; } = new("`GptOssForCausalLM`, whole experts, down", Placed, "experts hidden inter", new LayoutSource("down_proj", "experts inter hidden"));

    public static Loader PlacedDownBias { get; } = new("`GptOssForCausalLM`, whole experts, the bias of down, which each has", Placed, "experts hidden", new LayoutSource("down_proj_bias", "experts hidden"));

    public static Loader PlacedEach { get; } = new("`RoutedExperts`, whole experts one by one", Placed, "experts (proj inter) hidden", new LayoutSource("experts.{experts}.{proj}_proj.weight", "inter hidden"));

    public static Loader PlacedEachDown { get; } = new("`RoutedExperts`, down of whole experts", Placed, "experts hidden inter", new LayoutSource("experts.{experts}.down_proj.weight", "hidden inter"));

    public static Loader Each { get; } = new("`RoutedExperts`, divided experts one by one", Experts, "experts (proj inter) hidden", new LayoutSource("experts.{experts}.{proj}_proj.weight", "inter hidden"));

    public static Loader EachDown { get; } = new("`RoutedExperts`, down of divided experts", Experts, "experts hidden inter", new LayoutSource("experts.{experts}.down_proj.weight", "hidden inter"));

    public static Loader Ungated { get; } = new("`NemotronHMoE`, experts without gate", Experts, "experts inter hidden", new LayoutSource("experts.{experts}.up_proj.weight", "inter hidden"));

    public static Loader MinimaxEach { get; } = new("`MiniMaxM2MoE`, w1 and w3",
        [Whole("experts"), Labelled("proj", "w1", "w3"), Split("inter"), Whole("hidden")], "experts (proj inter) hidden", new LayoutSource("experts.{experts}.{proj}.weight", "inter hidden"));

    public static Loader MinimaxDown { get; } = new("`MiniMaxM2MoE`, w2", Experts, "experts hidden inter", new LayoutSource("experts.{experts}.w2.weight", "hidden inter"));

    // Codes and their companions: what lies along a divided axis follows it, whatever the shares cut.
    public static Loader ColumnScales { get; } = new("FP8, scales of divided rows", Blocks, "out_blocks all_in", new LayoutSource("proj.weight_scale_inv", "out_blocks all_in"));

    public static Loader RowScales { get; } = new("FP8, scales of divided columns", Blocks, "all_out in_blocks", new LayoutSource("proj.weight_scale_inv", "all_out in_blocks"));

    public static Loader MergedRows { get; } = new("`MergedColumnParallelLinear`, parts of unequal size", Merged, "(gate + up) hidden", new LayoutSource("gate", "gate hidden"), new LayoutSource("up", "up hidden"));

    public static Loader MergedFused { get; } = new("`MergedColumnParallelLinear`, parts of unequal size from one tensor", Merged, "(gate + up) hidden", new LayoutSource("gate_up.weight", "(gate + up) hidden"));

    public static Loader MergedScales { get; } = new("FP8, scales of parts of unequal size", Merged, "(gate_blocks + up_blocks) all_blocks", new LayoutSource("gate.weight_scale_inv", "gate_blocks all_blocks"), new LayoutSource("up.weight_scale_inv", "up_blocks all_blocks"));

    public static Loader WholeRows { get; } = new("`MergedColumnParallelLinear`, not divided", [Whole("a"), Whole("b"), Whole("hidden")], "(a + b) hidden", new LayoutSource("a.weight", "a hidden"), new LayoutSource("b.weight", "b hidden"));

    public static Loader WholeScales { get; } = new("FP8, scales of parts that are not divided",
        [Whole("a"), Whole("b"), Whole("hidden")], "(blocks(a, 4) + blocks(b, 4)) blocks(hidden, 4)", new LayoutSource("a.weight_scale_inv", "blocks(a, 4) blocks(hidden, 4)"), new LayoutSource("b.weight_scale_inv", "blocks(b, 4) blocks(hidden, 4)"));

    public static Loader QueryScales { get; } = new("FP8, scales of queries, keys and values",
        [.. Heads, Follow("q_blocks", "heads dim", 4), Follow("kv_blocks", "kv dim", 4)], "(q: q_blocks + k: kv_blocks + v: kv_blocks) hidden",
        new LayoutSource("q.weight_scale_inv", "q_blocks hidden", "q"), new LayoutSource("k.weight_scale_inv", "kv_blocks hidden", "k"), new LayoutSource("v.weight_scale_inv", "kv_blocks hidden", "v"));

    public static Loader FourParts { get; } = new("`in_proj_qkvz` of Qwen3.5, as four parts of rows",
        [Split("q"), Split("k"), Split("v"), Split("z"), Whole("hidden")], "(q + k + v + z) hidden", new LayoutSource("qkv.weight", "(q + k + v) hidden"), new LayoutSource("z.weight", "z hidden"));

    public static Loader FourPartScales { get; } = new("FP8, scales of the four parts",
        [Split("q"), Split("k"), Split("v"), Split("z"), Follow("q_blocks", "q", 4), Follow("k_blocks", "k", 4), Follow("v_blocks", "v", 4), Follow("z_blocks", "z", 4), Whole("hidden")],
        "(q_blocks + k_blocks + v_blocks + z_blocks) hidden", new LayoutSource("qkv.weight_scale_inv", "(q_blocks + k_blocks + v_blocks) hidden"), new LayoutSource("z.weight_scale_inv", "z_blocks hidden"));

    public static Loader TwoScalars { get; } = new("a scale for each merged tensor", [Labelled("proj", "gate", "up")], "proj", new LayoutSource("{proj}.weight_scale", ""));

    public static Loader ThreeScalars { get; } = new("a scale for each of queries, keys and values", [Labelled("proj", "q", "k", "v")], "proj", new LayoutSource("{proj}.weight_scale", ""));

    public static Loader ThreeOnes { get; } = new("a scale for each of queries, keys and values, stored as vectors of one", [Labelled("proj", "q", "k", "v")], "proj", new LayoutSource("{proj}.weight_global_scale", "1"));

    public static Loader OneScalar { get; } = new("a scale of one tensor, held as a vector of one", [], "1", new LayoutSource("proj.weight_scale_2", ""));

    public static Loader SharedScalar { get; } = new("one scale for both parts of a fused tensor", [], "(gate: 1 + up: 1)", new LayoutSource("gate_up.weight_scale", "", "gate"), new LayoutSource("gate_up.weight_scale", "", "up"));

    public static Loader ExpertScales { get; } = new("FP8, scales of experts",
        [.. Experts, Follow("inter_blocks", "inter", 4)], "experts (proj inter_blocks) hidden", new LayoutSource("experts.{experts}.{proj}_proj.weight_scale_inv", "inter_blocks hidden"));

    public static Loader ExpertDownScales { get; } = new("FP8, scales of down",
        [.. Experts, Follow("inter_blocks", "inter", 4)], "experts hidden inter_blocks", new LayoutSource("experts.{experts}.down_proj.weight_scale_inv", "hidden inter_blocks"));

    public static Loader ExpertDownCodes { get; } = new("NVFP4, two codes a byte of down",
        [.. Experts, Follow("inter_bytes", "inter", 2)], "experts hidden inter_bytes", new LayoutSource("experts.{experts}.down_proj.weight", "hidden inter_bytes"));

    public static Loader ExpertDownGroups { get; } = new("NVFP4, scales of down",
        [.. Experts, Follow("inter_groups", "inter", 16)], "experts hidden inter_groups", new LayoutSource("experts.{experts}.down_proj.weight_scale", "hidden inter_groups"));

    public static Loader ExpertScalars { get; } = new("NVFP4, a second scale for each expert's gate and up", Experts, "experts proj", new LayoutSource("experts.{experts}.{proj}_proj.weight_scale_2", ""));

    public static Loader ExpertDownScalars { get; } = new("NVFP4, a second scale for each expert's down", Experts, "experts", new LayoutSource("experts.{experts}.down_proj.weight_scale_2", ""));

    public static Loader RowCodes { get; } = new("NVFP4, two codes a byte of divided columns", [Whole("out"), Split("in"), Follow("in_bytes", "in", 2)], "out in_bytes", new LayoutSource("proj.weight", "out in_bytes"));

    public static Loader RowGroups { get; } = new("a scale for 16 of divided columns", [Whole("out"), Split("in"), Follow("in_groups", "in", 16)], "out in_groups", new LayoutSource("proj.weight_scale", "out in_groups"));

    public static Loader RowWords { get; } = new("INT4, eight codes a word of divided columns", [Whole("out"), .. Words], "out in_words", new LayoutSource("proj.weight_packed", "out in_words"));

    public static Loader RowZeros { get; } = new("INT4, zero points of divided columns, eight rows in a word", [Whole("out"), .. Words], "out in_groups", new LayoutSource("proj.weight_zero_point", "out in_groups"));

    public static Loader MergedZeros { get; } = new("INT4, zero points of merged rows", [Whole("groups"), .. Words], "(gate_words + up_words) groups", new LayoutSource("gate.weight_zero_point", "gate_words groups"), new LayoutSource("up.weight_zero_point", "up_words groups"));

    public static Loader QueryZeros { get; } = new("INT4, zero points of queries, keys and values",
        [Whole("groups"), .. Words], "(q: q_words + k: kv_words + v: kv_words) groups",
        new LayoutSource("q.weight_zero_point", "q_words groups", "q"), new LayoutSource("k.weight_zero_point", "kv_words groups", "k"), new LayoutSource("v.weight_zero_point", "kv_words groups", "v"));

    public static Loader GptqRow { get; } = new("GPTQ, codes of divided inputs", [Whole("out"), .. Words], "in_words out", new LayoutSource("proj.qweight", "in_words out"));

    public static Loader GptqRowGroups { get; } = new("GPTQ and AWQ, scales and zero points of divided inputs", [Whole("out"), .. Words], "in_groups out", new LayoutSource("proj.scales", "in_groups out"));

    public static Loader AwqRow { get; } = new("AWQ, codes of divided inputs", [Whole("out"), .. Words], "in out", new LayoutSource("proj.qweight", "in out"));

    public static Loader MergedColumns { get; } = new("GPTQ and AWQ, merged outputs as columns", [Whole("rows"), .. Words], "rows (gate + up)", new LayoutSource("gate", "rows gate"), new LayoutSource("up", "rows up"));

    public static Loader MergedWordColumns { get; } = new("GPTQ and AWQ, merged outputs, eight in a word", [Whole("rows"), .. Words], "rows (gate_words + up_words)", new LayoutSource("gate", "rows gate_words"), new LayoutSource("up", "rows up_words"));

    public static Loader QueryColumns { get; } = new("GPTQ and AWQ, queries, keys and values as columns",
        [Whole("rows"), .. Words], "rows (q: heads dim + k: kv dim + v: kv dim)", new LayoutSource("q", "rows (heads dim)", "q"), new LayoutSource("k", "rows (kv dim)", "k"), new LayoutSource("v", "rows (kv dim)", "v"));

    public static Loader QueryWordColumns { get; } = new("GPTQ and AWQ, queries, keys and values, eight in a word",
        [Whole("rows"), .. Words], "rows (q: q_words + k: kv_words + v: kv_words)", new LayoutSource("q", "rows q_words", "q"), new LayoutSource("k", "rows kv_words", "k"), new LayoutSource("v", "rows kv_words", "v"));

    private static AxisEntry Whole(string name) => new(name, Shard.None, false, []);

    private static AxisEntry Split(string name) => new(name, Shard.Tensor, false, []);

    private static AxisEntry Follow(string name, string leaders, int unit = 0) => new(name, Shard.None, false, []) { Follows = leaders, Unit = unit };

    private static AxisEntry Labelled(string name, params string[] labels) => new(name, Shard.None, false, [.. labels]);
}
