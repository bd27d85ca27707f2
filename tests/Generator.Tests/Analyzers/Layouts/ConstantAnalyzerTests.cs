using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class ConstantAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), Constant(\"{|LANY0045:x|}\", 0)]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), Constant(\"{|LANY0045:k heads|}\", 0)]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), Constant(\"{|LANY0045:\"|}, 0)]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"w\", \"(q: out + k: out) in\"), Constant(\"{|LANY0045:k|}\", 0)]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), Constant(\"k\", 0), Constant(\"{|LANY0045:k in|}\", 1)]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), FromCheckpoint(\"w\", \"(q: out + k: out) in\", Format = \"fused\"), Constant(\"{|LANY0045:k|}\", 0)]")]
    [InlineData("[Parameter(\"(out + heads dim) in\"), FromCheckpoint(\"w\", \"out in\"), Constant(\"heads\", 0), Constant(\"{|LANY0045:in|}\", 0)]")]
    [InlineData("[Parameter(\"out in\"), {|LANY0045:Constant(\"out\", 0)|}]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"w\", \"(q: out + k: out) in\"), Constant(\"k\", 0, {|LANY0045:Format = \"other\"|})]")]
    public Task Fires(string attributes) => Verify.Analyzer<ConstantAnalyzer>(Class(attributes));

    [Theory]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), Constant(\"k\", 0)]")]
    [InlineData("[Parameter(\"(out + heads dim) in\"), FromCheckpoint(\"w\", \"out in\"), Constant(\"dim\", -1.5)]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), FromCheckpoint(\"w\", \"(q: out + k: out) in\", Format = \"fused\"), Constant(\"k\", 0, Format = \"\")]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), FromCheckpoint(\"r\", \"in out\", Part = \"q\", Format = \"turned\"), Constant(\"k\", 0)]")]
    public Task Stays_quiet(string attributes) => Verify.Analyzer<ConstantAnalyzer>(Class(attributes));

    [Fact]
    public Task A_part_that_is_a_constant_is_no_gap() => Verify.Analyzer<GapAnalyzer>(Class("[Parameter(\"(q: out + k: out + {|LANY0011:v: out|}) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), Constant(\"k\", 0)]"));

    private static string Class(string attributes) => $$"""
        [ParameterModule] public partial class Projection() : Module("projection")
        {
            [Axis] public int Out => 2;
            [Axis] public int In => 3;
            [Axis] public int Heads => 4;
            [Axis] public int Dim => 5;
            {{attributes}}
            public partial Parameter W { get; private set; }
        }
        """;
}
