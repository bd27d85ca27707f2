using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

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
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"{|LANY0009:heads|} hidden\", Repeat = \"heads\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{heads}\", \"hidden\", Repeat = \"{|LANY0009:heads|}\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"{|LANY0009:hidden|}\", Repeat = \"dim\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"{|LANY0009:w|}\", \"heads hidden\", Joined = \"heads\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"{|LANY0009:w.{dim}.{hidden}|}\", \"heads\", Joined = \"heads\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{dim}\", \"{|LANY0009:heads hidden|}\", Joined = \"hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{hidden}\", \"{|LANY0009:heads hidden|}\", Joined = \"heads\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{dim}\", \"{|LANY0009:heads|}\", Joined = \"heads\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{dim}\", \"heads\", Joined = \"heads\", Repeat = \"{|LANY0009:hidden|}\")]")]
    [InlineData("[Parameter(\"heads hidden\", Kernel = \"heads {|LANY0009:heads|} hidden\"), FromCheckpoint(\"w\", \"heads hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\", Kernel = \"{|LANY0009:heads|}\"), FromCheckpoint(\"w\", \"heads hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\", Kernel = \"{|LANY0009:heads (hidden + dim)|}\"), FromCheckpoint(\"w\", \"heads hidden\")]")]
    [InlineData("[Parameter(\"heads (hidden + dim)\", Kernel = \"{|LANY0009:heads hidden|}\"), FromCheckpoint(\"w\", \"heads (hidden + dim)\")]")]
    public Task Fires(string attributes) => Verify.Analyzer<SourceElementsAnalyzer>(Class(attributes));

    [Theory]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{heads}\", \"hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"hidden\", Repeat = \"heads\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{dim}\", \"heads hidden\", Joined = \"heads\")]")]
    [InlineData("[Parameter(\"heads (hidden + dim)\"), FromCheckpoint(\"w\", \"(hidden + dim)\", Repeat = \"heads\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"heads (hidden + dim)\")]")]
    [InlineData("[Parameter(\"(q: heads + k: heads) hidden\"), FromCheckpoint(\"w\", \"heads hidden\", Part = \"q\"), FromCheckpoint(\"v\", \"heads hidden\", Part = \"k\")]")]
    [InlineData("[Parameter(\"heads hidden\", Kernel = \"pad(hidden, 128) heads\"), FromCheckpoint(\"w\", \"heads hidden\")]")]
    [InlineData("[Parameter(\"(q: heads + k: heads) hidden\", Kernel = \"hidden (k: heads + q: heads)\"), FromCheckpoint(\"w\", \"(q: heads + k: heads) hidden\")]")]
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
