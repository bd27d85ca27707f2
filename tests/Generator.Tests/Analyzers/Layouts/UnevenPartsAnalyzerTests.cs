using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class UnevenPartsAnalyzerTests
{
    [Theory]
    [InlineData("(q: heads dim + k: {|LANY0051:kv|} dim + v: kv dim) hidden")]
    [InlineData("(k: {|LANY0051:kv|} dim + q: heads dim) hidden")]
    [InlineData("hidden (q: dim heads + k: dim {|LANY0051:kv|})")]
    [InlineData("(x: heads + dt: {|LANY0051:inner|})")]
    [InlineData("(z: {|LANY0051:inner|} + b: {|LANY0051:kv|} state + dt: heads) hidden")]
    [InlineData("(q: shared dim + k: {|LANY0051:kv|} dim) hidden")]
    [InlineData("(q: follower dim + k: {|LANY0051:kv|} dim) hidden")]
    [InlineData("(q: heads dim + k: {|LANY0051:other|} dim) hidden")]
    [InlineData("blocks((q: heads dim + k: {|LANY0051:kv|} dim), 2) hidden")]
    [InlineData("(blocks((heads dim), 2) + blocks(({|LANY0051:kv|} dim), 2)) hidden")]
    [InlineData("pad((q: heads dim + k: {|LANY0051:kv|} dim), 4)")]
    [InlineData("experts (q: heads dim + k: {|LANY0051:kv|} dim)")]
    [InlineData("(hidden (q: heads + k: {|LANY0051:kv|}))")]
    public Task Fires(string pattern) => Verify.Analyzer<UnevenPartsAnalyzer>(Layer(Property(pattern)));

    [Theory]
    [InlineData("(q: heads dim + k: follower dim + v: follower dim) hidden")]
    [InlineData("(q: heads dim + k: shared dim) hidden")]
    [InlineData("(q: heads dim + k: dim) hidden")]
    [InlineData("(q: heads (dim + rope) + k: rope)")]
    [InlineData("(q: heads dim + k: declared dim) hidden")]
    [InlineData("(q: heads dim + k: one dim) hidden")]
    [InlineData("(q: heads dim + b: first) hidden")]
    [InlineData("(q: heads dim + e: experts dim) hidden")]
    [InlineData("(q: kv dim + k: other dim) hidden")]
    [InlineData("(inner + state + rope) hidden")]
    [InlineData("(heads (dim + rope)) hidden")]
    [InlineData("heads (dim + rope)")]
    [InlineData("(heads dim) kv")]
    [InlineData("(experts + kv) hidden")]
    [InlineData("(hidden (gate: 1 + up: 1))")]
    public Task Stays_quiet(string pattern) => Verify.Analyzer<UnevenPartsAnalyzer>(Layer(Property(pattern)));

    [Fact]
    public Task An_axis_is_one_mistake_in_a_class() => Verify.Analyzer<UnevenPartsAnalyzer>(Layer(
        Property("(q: heads dim + k: {|LANY0051:kv|} dim) hidden") + "[Parameter(\"(q: heads dim + k: kv dim)\")] [FromCheckpoint(\"b\", \"(q: heads dim + k: kv dim)\")] public partial Parameter Bias { get; private set; }"));

    [Fact]
    public Task Stays_quiet_on_what_no_tensor_fills() => Verify.Analyzer<UnevenPartsAnalyzer>(Layer(
        "[Parameter(\"(heads + kv)\")] public partial Parameter W { get; private set; } [PostLoad] private void Make() => W = new Parameter(zeros(2));"));

    [Theory]
    [InlineData("(heads dim) hidden", "({|LANY0051:kv|} dim) hidden")]
    [InlineData("({|LANY0051:kv|} dim) hidden", "(follower dim) hidden")]
    [InlineData("hidden (dim heads)", "hidden (dim {|LANY0051:kv|})")]
    [InlineData("(proj heads dim)", "(proj {|LANY0051:kv|} dim)")]
    [InlineData("(q: heads dim + b: first) hidden", "({|LANY0051:kv|} dim)")]
    public Task Fires_on_parameters_that_are_alike(string one, string other) => Verify.Analyzer<UnevenPartsAnalyzer>(Layer(Property(one) + Property(other, "V")));

    [Theory]
    [InlineData("(heads dim) hidden", "(follower dim) hidden")]
    [InlineData("(heads dim) hidden", "(declared dim) hidden")]
    [InlineData("(heads dim) hidden", "(one dim) hidden")]
    [InlineData("(heads dim) hidden", "(experts dim) hidden")]
    [InlineData("(heads dim) hidden", "(first dim) hidden")]
    [InlineData("(heads dim) hidden", "(kv state) hidden")]
    [InlineData("(heads dim) hidden", "(dim kv) hidden")]
    [InlineData("heads hidden", "kv hidden")]
    [InlineData("(proj heads) hidden", "(proj inner) hidden")]
    public Task Stays_quiet_on_parameters_that_are_not(string one, string other) => Verify.Analyzer<UnevenPartsAnalyzer>(Layer(Property(one) + Property(other, "V")));

    private static string Property(string pattern, string name = "W") =>
        $"[Parameter(\"{pattern}\")] [FromCheckpoint(\"{name}\", \"{pattern.Replace("{|LANY0051:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal)}\")] public partial Parameter {name} {{ get; private set; }}";

    private static string Layer(string members) => $$"""
        [ParameterModule] public partial class Layer : Module
        {
            public Layer() : base("layer") => CreateParameters();
            [Axis(Shard.Tensor)] public int Heads => 4;
            [Axis(Shard.Tensor, Replicate = true)] public int Shared => 2;
            [Axis(Follows = nameof(Heads))] public int Follower => 2;
            [Axis(Follows = nameof(Kv))] public int Other => 2;
            [Axis(Shard.FirstTensorRank)] public int First => 2;
            [Axis(Shard.Expert)] public int Experts => 2;
            [Axis(Whole = true)] public int Declared => 2;
            [Axis] private const int One = 1;
            [Axis("gate", "up")] private const int Proj = 2;
            [Axis] public int Kv => 2;
            [Axis] public int Dim => 2;
            [Axis] public int Rope => 2;
            [Axis] public int Inner => 2;
            [Axis] public int State => 2;
            [Axis] public int Hidden => 2;
            {{members}}
        }
        """;
}
