using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class UnknownAxisAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"heads ({|LANY0008:head_dims|} hidden)\"), FromCheckpoint(\"w\", \"heads head_dim hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{{|LANY0008:head|}}\", \"{|LANY0008:Hidden|}\")]")]
    [InlineData("[Parameter(\"heads hidden\", Kernel = \"heads pad({|LANY0008:hiden|}, 4)\"), FromCheckpoint(\"w\", \"heads hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w\", \"\", Repeat = \"heads {|LANY0008:hiden|}\")]")]
    public Task Fires(string attributes) => Verify.Analyzer<UnknownAxisAnalyzer>(Class(attributes));

    [Theory]
    [InlineData("[Parameter(\"heads (head_dim hidden)\"), FromCheckpoint(\"w.{heads}\", \"head_dim hidden\")]")]
    [InlineData("[Parameter(\"heads hidden\"), FromCheckpoint(\"w.{unheard\", \"hidden\")]")]
    public Task Stays_quiet(string attributes) => Verify.Analyzer<UnknownAxisAnalyzer>(Class(attributes));

    [Fact]
    public Task Fix_writes_the_nearest_name() => Verify.CodeFix<UnknownAxisAnalyzer, NearestAxisFix>(
        Class("[Parameter(\"heads {|LANY0008:head_dims|} hidden\"), FromCheckpoint(\"w.{heads}\", @\"{|LANY0008:headdim|} hidden\")]"),
        Class("[Parameter(\"heads head_dim hidden\"), FromCheckpoint(\"w.{heads}\", @\"head_dim hidden\")]"));

    private static string Class(string attributes) => $$"""
        [ParameterModule] public partial class Attention() : Module("attention")
        {
            [Axis] public int Heads => 2;
            [Axis] public int HeadDim => 3;
            [Axis] public int Hidden => 5;
            {{attributes}}
            public partial Parameter W { get; private set; }
        }
        """;
}
