using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>
/// Every chain of tensor operations that transformers' checkpoint conversions consist of, as declarations. Tests and
/// documentation read this list.
/// </summary>
internal static class Conversions
{
    private const string MergedForRope = "(q: heads half pair + k: heads half pair + v: heads dim) in";

    // Three heads do not divide by two: what is divided is the inside of the heads.
    private static readonly string[] HalfOfPairs = ["0 2 4 6 8 10", "1 3 5 7 9 11"];
    private static readonly string[] HalfOfHeads = ["0..1 4..5 8..9", "2..3 6..7 10..11"];

    public static ImmutableArray<Conversion> All { get; } =
    [
        new("00-MergeModulelist", "experts = 4, out = 6, in = 5", "out",
            new ConvertedParameter("mlp.experts.down_proj", "experts out in", 1, ["0..2", "3..5"],
                new LayoutSource("mlp.experts.{experts}.down_proj.weight", "out in"))),
        new("01-MergeModulelist-Concatenate", "experts = 4, proj = gate/up, out = 6, in = 5", "out",
            new ConvertedParameter("mlp.experts.gate_up_proj", "experts (proj out) in", 1, ["0..2 6..8", "3..5 9..11"],
                new LayoutSource("mlp.experts.{experts}.{proj}_proj.weight", "out in"))),
        new("02-Chunk", "out = 2, in = 5", "out", Parts(
            ["attention.q_proj", "attention.k_proj", "attention.v_proj"], "attn.qkv", "(q: out + k: out + v: out) in",
            ["out in", "out in", "out in"], [["0", "1"], ["0", "1"], ["0", "1"]])),
        new("03-Concatenate", "q = 4, k = 5, v = 6, in = 5", "q, v",
            new ConvertedParameter("self_attn.conv1d.weight", "(q + k + v) in", 0, ["0..1 4..8 9..11", "2..3 4..8 12..14"],
                new LayoutSource("self_attn.q_conv1d.weight", "q in"),
                new LayoutSource("self_attn.k_conv1d.weight", "k in"),
                new LayoutSource("self_attn.v_conv1d.weight", "v in"))),
        new("04-Interleave", "experts = 3, proj = gate/up, inter = 4, hidden = 5", "inter",
            new ConvertedParameter("mlp.experts.gate_up_proj", "experts (proj inter) hidden", 1, ["0..1 4..5", "2..3 6..7"],
                new LayoutSource("mlp.experts.w13_weight", "experts (inter proj) hidden"))),
        new("05-Chunk-PermuteForRope", "heads = 3, half = 2, pair = 2, dim = 4, in = 5", "half, dim", Parts(
            ["attn.q_proj", "attn.k_proj", "attn.v_proj"], "wqkv", MergedForRope,
            ["(heads pair half) in", "(heads pair half) in", "(heads dim) in"], [HalfOfPairs, HalfOfPairs, HalfOfHeads])),
        new("06-Transpose", "experts = 3, out = 5, in = 6", "in",
            new ConvertedParameter("mlp.experts.gate_up_proj", "experts out in", 2, ["0..2", "3..5"],
                new LayoutSource("mlp.experts.gate_up_proj", "experts in out"))),
        new("07-Transpose", "out = 5, in = 6", "in",
            new ConvertedParameter("mlp.vision_moe.gate.weight", "out in", 1, ["0..2", "3..5"],
                new LayoutSource("mlp.gate.weight_1", "in out"))),
        new("08-ErnieFuseAndSplitTextVisionExperts", "text = 2, vision = 2, out = 6, in = 5", "out",
            new ConvertedParameter("text_moe.experts.down_proj", "text out in", 1, ["0..2", "3..5"],
                new LayoutSource("experts.{text + vision}.down_proj.weight", "out in")),
            new ConvertedParameter("vision_moe.experts.down_proj", "vision out in", 1, ["0..2", "3..5"],
                new LayoutSource("experts.{text + vision}.down_proj.weight", "out in"))),
        new("09-Transpose", "experts = 3, out = 5, in = 6", "in",
            new ConvertedParameter("mixer.experts.up_proj", "experts out in", 2, ["0..2", "3..5"],
                new LayoutSource("mixer.experts.gate_and_up_projs", "experts in out"))),
        new("10-PermuteForRope", "heads = 3, half = 2, pair = 2, in = 5", "half",
            new ConvertedParameter("attention.q_proj", "(heads pair half) in", 0, HalfOfPairs,
                new LayoutSource("attention.wq", "(heads half pair) in"))),
        new("11-Interleave-Chunk", "experts = 3, inter = 4, hidden = 5", "inter",
            new ConvertedParameter("gate_proj", "experts inter hidden", 1, ["0..1", "2..3"],
                new LayoutSource("shared_w13_weight", "experts (inter (gate: 1 + up: 1)) hidden", "gate")),
            new ConvertedParameter("up_proj", "experts inter hidden", 1, ["0..1", "2..3"],
                new LayoutSource("shared_w13_weight", "experts (inter (gate: 1 + up: 1)) hidden", "up"))),
        new("12-Interleave-Chunk", "inter = 4, hidden = 5", "inter",
            new ConvertedParameter("mlp.gate_proj.weight", "inter hidden", 0, ["0..1", "2..3"],
                new LayoutSource("mlp.w13_dn.weight", "(inter (gate: 1 + up: 1)) hidden", "gate")),
            new ConvertedParameter("mlp.up_proj.weight", "inter hidden", 0, ["0..1", "2..3"],
                new LayoutSource("mlp.w13_dn.weight", "(inter (gate: 1 + up: 1)) hidden", "up"))),
        new("13-Split", "q_out = 8, kv_out = 4, in = 5", "q_out, kv_out", Parts(
            ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"], "self_attn.att_proj", "(q: q_out + k: kv_out + v: kv_out) in",
            ["q_out in", "kv_out in", "kv_out in"], [["0..3", "4..7"], ["0..1", "2..3"], ["0..1", "2..3"]])),
        new("14-Concatenate", "experts = 3, proj = gate/up, inter = 4, hidden = 5", "inter",
            new ConvertedParameter("mlp.experts.gate_up_proj", "experts (proj inter) hidden", 1, ["0..1 4..5", "2..3 6..7"],
                new LayoutSource("moe.{proj}_proj.weight", "experts inter hidden"))),
        new("15-Concatenate", "shard = 3, rows = 4, in = 5", "rows",
            new ConvertedParameter("ngram_embedding.weight", "(shard rows) in", 0, ["0..1 4..5 8..9", "2..3 6..7 10..11"],
                new LayoutSource("ngram_embedding.shard_{shard}.weight", "rows in"))),
        new("16-Chunk-PermuteForRope", "heads = 3, half = 2, pair = 2, dim = 4, in = 5", "half, dim", Parts(
            ["self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight"], "self_attn.in_proj.weight", MergedForRope,
            ["(heads pair half) in", "(heads pair half) in", "(heads dim) in"], [HalfOfPairs, HalfOfPairs, HalfOfHeads])),
        new("17-Conv3dToLinear", "out = 5, channels = 3, time = 2, height = 4, width = 4", "time",
            new ConvertedParameter("patch_embed.weight", "out (channels time height width)", 1, ["0..15 32..47 64..79", "16..31 48..63 80..95"],
                new LayoutSource("patch_embed.proj.weight", "out channels time height width"))),
    ];

    /// <summary>Queries, keys and values that one tensor holds.</summary>
    private static ConvertedParameter[] Parts(string[] names, string tensor, string merged, string[] patterns, string[][] held) =>
        [.. names.Select((name, i) => new ConvertedParameter(name, patterns[i], 0, held[i], new LayoutSource(tensor, merged, "qkv"[i..(i + 1)])))];
}
