using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class GapAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"(q: out + {|LANY0011:k: out|} + v: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), FromCheckpoint(\"v\", \"out in\", Part = \"v\")]")]
    [InlineData("[Parameter(\"(out + {|LANY0011:heads dim|}) in\"), FromCheckpoint(\"w\", \"out in\")]")]
    [InlineData("[Parameter(\"(out + {|LANY0011:heads dim|}) in\"), FromCheckpoint(\"w\", \"(out + heads dim) in\"), FromCheckpoint(\"w\", \"out in\", Format = \"half\")]")]
    public Task Fires(string attributes) => Verify.Analyzer<GapAnalyzer>(Class(attributes));

    [Theory]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), FromCheckpoint(\"k\", \"out in\", Part = \"k\")]")]
    [InlineData("[Parameter(\"(out + heads dim) in\"), FromCheckpoint(\"w\", \"(out + heads dim) in\"), FromCheckpoint(\"v\", \"in (out + heads dim)\", Format = \"transposed\")]")]
    [InlineData("[Parameter(\"out in\")]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), FromCheckpoint(\"k\", \"out in\", Part = \"no part, which is another rule\")]")]
    public Task Stays_quiet(string attributes) => Verify.Analyzer<GapAnalyzer>(Class(attributes));

    [Fact]
    public Task Fix_adds_the_missing_source() => Verify.CodeFix<GapAnalyzer, AddSourceFix>(
        Class("""
            /// <summary>The projections.</summary>
                [Parameter("(q: out + {|LANY0011:k: heads dim|}) in")]
                [FromCheckpoint("w", "(q: out + k: heads dim) in")]
                [FromCheckpoint("q.weight", "out in", Part = "q", Format = "split")]
            """),
        Class("""
            /// <summary>The projections.</summary>
                [Parameter("(q: out + k: heads dim) in")]
                [FromCheckpoint("w", "(q: out + k: heads dim) in")]
                [FromCheckpoint("q.weight", "out in", Part = "q", Format = "split")]
                [FromCheckpoint("TODO", "heads dim in", Part = "k", Format = "split")]
            """));

    [Fact]
    public Task Fix_adds_the_missing_source_of_a_part_in_a_part() => Verify.CodeFix<GapAnalyzer, AddSourceFix>(
        Class("""
            /// <summary>The projections.</summary>
                [Parameter("(a: (b: heads + c: heads) + d: dim) in"), FromCheckpoint("w", "(a: (b: heads) + d: dim) in")]
            """).Replace("c: heads", "{|LANY0011:c: heads|}", StringComparison.Ordinal),
        Class("""
            /// <summary>The projections.</summary>
                [Parameter("(a: (b: heads + c: heads) + d: dim) in"), FromCheckpoint("w", "(a: (b: heads) + d: dim) in")]
                [FromCheckpoint("TODO", "(c: heads) in", Part = "a")]
            """));

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
