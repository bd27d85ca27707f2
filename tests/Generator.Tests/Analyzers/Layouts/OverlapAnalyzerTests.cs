using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class OverlapAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\"), FromCheckpoint(\"v\", \"{|LANY0010:in out|}\")]")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"a\", \"out in\"), FromCheckpoint(\"w\", \"out in\", Format = \"x\"), FromCheckpoint(\"v\", \"{|LANY0010:in out|}\", Format = \"x\")]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"w\", \"(q: out + k: out) in\"), FromCheckpoint(\"k\", \"{|LANY0010:out in|}\", Part = \"k\")]")]
    public Task Fires(string attributes) => Verify.Analyzer<OverlapAnalyzer>(Class(attributes));

    [Theory]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\"), FromCheckpoint(\"v\", \"in out\", Format = \"transposed\")]")]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"q\", \"out in\", Part = \"q\"), FromCheckpoint(\"k\", \"out in\", Part = \"k\")]")]
    public Task Stays_quiet(string attributes) => Verify.Analyzer<OverlapAnalyzer>(Class(attributes));

    private static string Class(string attributes) => $$"""
        [ParameterModule] public partial class Projection() : Module("projection")
        {
            [Axis] public int Out => 2;
            [Axis] public int In => 3;
            {{attributes}}
            public partial Parameter W { get; private set; }
        }
        """;
}
