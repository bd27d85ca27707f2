using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>vLLM's weight loaders as declarations. Tests and documentation read this list.</summary>
internal static class Loaders
{
    private const string MergedQkv = "(q: heads dim + k: kv dim + v: kv dim) hidden";
    private const string MergedQkvBias = "(q: heads dim + k: kv dim + v: kv dim)";
    private static readonly ImmutableArray<AxisEntry> GateUp = [Labelled("proj", "gate", "up"), Split("inter"), Whole("hidden")];
    private static readonly ImmutableArray<AxisEntry> Heads = [Split("heads"), new("kv", Shard.Tensor, true, []), Whole("dim"), Whole("hidden")];
    private static readonly ImmutableArray<AxisEntry> Latent = [Split("heads"), Whole("nope"), Whole("value"), Whole("rank")];

    public static Loader Replicated { get; } = new("`ReplicatedLinear`", [Whole("out"), Whole("in")], "out in", new LayoutSource("weight", "out in"));

    public static Loader Column { get; } = new("`ColumnParallelLinear`", [Split("out"), Whole("in")], "out in", new LayoutSource("weight", "out in"));

    public static Loader Row { get; } = new("`RowParallelLinear`", [Whole("out"), Split("in")], "out in", new LayoutSource("weight", "out in"));

    public static Loader Merged { get; } = new("`MergedColumnParallelLinear`, a tensor for each part",
        GateUp, "(proj inter) hidden", new LayoutSource("{proj}", "inter hidden"));

    public static Loader MergedFromOne { get; } = new("`MergedColumnParallelLinear`, one tensor",
        GateUp, "(proj inter) hidden", new LayoutSource("gate_up", "(proj inter) hidden"));

    public static Loader Qkv { get; } = new("`QKVParallelLinear`, three tensors",
        Heads, MergedQkv, new LayoutSource("q", "(heads dim) hidden", "q"), new LayoutSource("k", "(kv dim) hidden", "k"), new LayoutSource("v", "(kv dim) hidden", "v"));

    public static Loader QkvFromOne { get; } = new("`QKVParallelLinear`, one tensor", Heads, MergedQkv, new LayoutSource("qkv", MergedQkv));

    public static Loader QkvBias { get; } = new("`QKVParallelLinear`, its bias",
        Heads, MergedQkvBias, new LayoutSource("q", "(heads dim)", "q"), new LayoutSource("k", "(kv dim)", "k"), new LayoutSource("v", "(kv dim)", "v"));

    public static Loader Vocabulary { get; } = new("`VocabParallelEmbedding`, `ParallelLMHead`",
        [new("vocab", Shard.Tensor, false, [], PadTo: 64), Whole("hidden")], "vocab hidden", new LayoutSource("weight", "vocab hidden"));

    public static Loader ExpertsW13 { get; } = new("`RoutedExperts`, gate and up one by one",
        [new("experts", Shard.Expert, false, []), Labelled("proj", "w1", "w3"), Split("inter"), Whole("hidden")],
        "experts (proj inter) hidden", new LayoutSource("experts.{experts}.{proj}.weight", "inter hidden"));

    public static Loader ExpertsW2 { get; } = new("`RoutedExperts`, down one by one",
        [new("experts", Shard.Expert, false, []), Split("inter"), Whole("hidden")],
        "experts hidden inter", new LayoutSource("experts.{experts}.w2.weight", "hidden inter"));

    public static Loader FusedExperts { get; } = new("`RoutedExperts`, gate and up of Llama 4 in one tensor",
        [new("experts", Shard.Expert, false, []), Labelled("proj", "gate", "up"), Split("inter"), Whole("hidden")],
        "experts (proj inter) hidden", new LayoutSource("experts.gate_up_proj", "experts hidden (proj inter)"));

    public static Loader TensorScales { get; } = new("`PerTensorScaleParameter` of merged queries, keys and values",
        [Labelled("proj", "q", "k", "v")], "proj", new LayoutSource("{proj}_proj.weight_scale", ""));

    public static Loader BlockScales { get; } = new("`BlockQuantScaleParameter` of merged gate and up",
        GateUp, "(proj blocks(inter, 128)) blocks(hidden, 128)", new LayoutSource("{proj}_proj.weight_scale_inv", "blocks(inter, 128) blocks(hidden, 128)"));

    public static Loader Rotary { get; } = new("`Llama4ForCausalLM`, rotary order of queries",
        [Split("heads"), Whole("pair"), Whole("half"), Whole("hidden")],
        "(heads pair half) hidden", new LayoutSource("q_proj.weight", "(heads half pair) hidden"));

    public static Loader LatentKeys { get; } = new("MLA, `W_UK_T` out of `kv_b_proj`", Latent, "heads nope rank", new LayoutSource("kv_b_proj.weight", "(heads (nope + value)) rank"));

    public static Loader LatentValues { get; } = new("MLA, `W_UV` out of `kv_b_proj`", Latent, "heads rank value", new LayoutSource("kv_b_proj.weight", "(heads (nope + value)) rank"));

    public static ImmutableArray<Loader> All { get; } =
    [
        Replicated, Column, Row, Merged, MergedFromOne, Qkv, QkvFromOne, QkvBias, Vocabulary, ExpertsW13, ExpertsW2, FusedExperts,
        TensorScales, BlockScales, Rotary, LatentKeys, LatentValues,
    ];

    private static AxisEntry Whole(string name) => new(name, Shard.None, false, []);

    private static AxisEntry Split(string name) => new(name, Shard.Tensor, false, []);

    private static AxisEntry Labelled(string name, params string[] labels) => new(name, Shard.None, false, [.. labels]);
}
