using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class NotationAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"a {|LANY0007:)|} b\"), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"(a b{|LANY0007:\"|}), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"a b\"), FromCheckpoint(\"w.{a{|LANY0007:\"|}, \"b\")]")]
    [InlineData("[Parameter(\"a b\"), FromCheckpoint(pattern: \"a {|LANY0007:2|} b\", name: \"w\")]")]
    [InlineData("[Parameter(\"a b\"), FromCheckpoint(\"w.{|LANY0007:}|}\", \"a {|LANY0007:!|}\")]")]
    [InlineData("[Parameter(\"a b\"), FromCheckpoint(\"w\", \"b\", Repeat = \"{|LANY0007:(a)|}\")]")]
    [InlineData("[Parameter(\"a b\"), FromCheckpoint(\"w\", \"b\", Repeat = \"a{|LANY0007:,|} c\")]")]
    [InlineData("[Parameter(\"a\\u0020{|LANY0007:\\u0021|} b\"), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"\\x61 \\U00000062 {|LANY0007:\\\"|}\"), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(@\"a {|LANY0007:\"\"|} b\"), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"\"\"a {|LANY0007:\"|} b\"\"\"), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"\"\"\n        a\n          {|LANY0007:)|} b\n        \"\"\"), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"a \" + (\"b {|LANY0007:/|}\" + @\"\")), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter({|LANY0007:Wrong|}), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter({|LANY0007:\"a b\" + Wrong|}), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"a b\", Kernel = \"a pad(b, {|LANY0007:0|})\"), FromCheckpoint(\"w\", \"a b\")]")]
    [InlineData("[Parameter(\"a b\"), FromCheckpoint(\"w.{a}\", \"b\", Scale = @\"s.{a {|LANY0007:/|}}\")]")]
    public Task Fires(string attributes) => Verify.Analyzer<NotationAnalyzer>(Class(attributes));

    [Theory]
    [InlineData("[Parameter(\"(a + b) 1\"), FromCheckpoint(\"w.{a + b}\", \"1\")]")]
    [InlineData("[Parameter(\"pad(a, 4) blocks(b, 2)\"), FromCheckpoint(\"w\", \"a blocks(b, 2)\")]")]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"w\", \"\")]")]
    public Task Stays_quiet(string attributes) => Verify.Analyzer<NotationAnalyzer>(Class(attributes));

    private static string Class(string attributes) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            private const string Wrong = "(a";
            [Axis] public int A => 2;
            [Axis] public int B => 3;
            {{attributes}}
            public partial Parameter W { get; private set; }
        }
        """;
}
