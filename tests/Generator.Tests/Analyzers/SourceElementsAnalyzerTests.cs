using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class SourceElementsAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"heads {|LANY0009:heads|}\"), FromCheckpoint(\"w\", \"heads {|LANY0009:heads|}\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{heads}\", \"{|LANY0009:heads|} hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{heads}.{{|LANY0009:heads|}}\", \"hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"{|LANY0009:hidden|}\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"{|LANY0009:heads hidden dim|}\")]")]
    [InlineData("[Parameter(\"(heads + {|LANY0009:heads|}) hidden\"), FromCheckpoint(\"w\", \"heads hidden\")]")]
    [InlineData("[Parameter(\"hidden\"), FromCheckpoint(\"w\", \"{|LANY0009:\"|})]")]
    public Task Fires(string attributes) => Verify.Analyzer<SourceElementsAnalyzer>(Class(attributes));

    [Theory]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{heads}\", \"hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"heads (hidden + dim)\")]")]
    [InlineData("[Parameter(\"(q: heads + k: heads) hidden\"), FromCheckpoint(\"w\", \"heads hidden\", Part = \"q\"), FromCheckpoint(\"v\", \"heads hidden\", Part = \"k\")]")]
    public Task Stays_quiet(string attributes) => Verify.Analyzer<SourceElementsAnalyzer>(Class(attributes));

    private static string Class(string attributes) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int Heads => 2;
            [Axis] public int Hidden => 3;
            [Axis] public int Dim => 5;
            {{attributes}}
            public partial Parameter W { get; private set; }
        }
        """;
}
