using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class DividedTwiceAnalyzerTests
{
    [Theory]
    [InlineData("a {|LANY0044:b|}")]
    [InlineData("(a n {|LANY0044:b|})")]
    [InlineData("(a (x: n + y: pad({|LANY0044:b|}, 2)))")]
    [InlineData("(x: a + y: n) {|LANY0044:b|}")]
    [InlineData("blocks((a n), 2) {|LANY0044:b|}")]
    [InlineData("blocks((a {|LANY0044:b|}), 2)")]
    [InlineData("a {|LANY0044:first|}")]
    [InlineData("a {|LANY0044:follower|}")]
    [InlineData("(a dim) {|LANY0044:blocks|}")]
    [InlineData("follower {|LANY0044:blocks|}")]
    [InlineData("e {|LANY0044:f|} a")]
    [InlineData("a {|LANY0044:b|} {|LANY0044:follower|}")]
    public Task Fires(string pattern) => Verify.Analyzer<DividedTwiceAnalyzer>(Class(pattern));

    [Theory]
    [InlineData("a n")]
    [InlineData("e a n")]
    [InlineData("(x: a + y: b) n")]
    [InlineData("(x: a dim + y: follower dim + z: blocks) n")]
    [InlineData("whole a")]
    [InlineData("e (x: a + y: follower)")]
    public Task Stays_quiet(string pattern) => Verify.Analyzer<DividedTwiceAnalyzer>(Class(pattern));

    [Fact]
    public Task Stays_quiet_on_what_no_tensor_fills() => Verify.Analyzer<DividedTwiceAnalyzer>(Layer(
        "[Parameter(\"a b\")] public partial Parameter W { get; private set; } [PostLoad] private void Make() => W = new Parameter(zeros(2, 2));"));

    private static string Class(string pattern) => Layer(
        $"[Parameter(\"{pattern}\")] [FromCheckpoint(\"w\", \"{pattern.Replace("{|LANY0044:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal)}\")] public partial Parameter W {{ get; private set; }}");

    private static string Layer(string members) => $$"""
        [ParameterModule] public partial class Layer : Module
        {
            public Layer() : base("layer") => CreateParameters();
            [Axis(Shard.Tensor)] public int A => 4;
            [Axis(Shard.Tensor, Replicate = true)] public int B => 2;
            [Axis(Shard.FirstTensorRank)] public int First => 2;
            [Axis(Shard.Expert)] public int E => 2;
            [Axis(Shard.Expert)] public int F => 2;
            [Axis] public int N => 2;
            [Axis] public int Dim => 2;
            [Axis] public int Other => 2;
            [Axis(Follows = nameof(A))] public int Follower => 2;
            [Axis(Follows = "follower dim", Unit = 3)] public int Blocks => 2;
            [Axis(Follows = nameof(Other))] public int Whole => 2;
            {{members}}
        }
        """;
}
