using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class UnreachableFormatAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"out in\")] public partial Parameter {|LANY0012:W|} { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\"), FromCheckpoint(\"w\", \"out  in\", {|LANY0012:Format = \"again\"|})] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Format = \"a\"), FromCheckpoint(\"w\", \"out in\", {|LANY0012:Format = \"b\"|}, Cast = true)] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", {|LANY0012:Format = \"\"|})] public partial Parameter W { get; private set; }")]
    public Task Fires(string member) => Verify.Analyzer<UnreachableFormatAnalyzer>(Class(member));

    [Theory]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\"), FromCheckpoint(\"w\", \"in out\", Format = \"transposed\")] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\"), FromCheckpoint(\"w\", \"out in\", Format = \"fp8\", Scale = \"s\")] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"weight\", \"out in\"), FromCheckpoint(\"weight\", \"out in\", Format = \"fp8\", Encoding = typeof(Lanyard.Published.Fp8))] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\"), FromCheckpoint(\"v\", \"out in\", Format = \"other\")] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\")] public partial Parameter W { get; private set; } [PostLoad] private void Make() => Help(); private void Help() => W = new Parameter(zeros(4, 3));")]
    [InlineData("[Parameter(\"out in\")] public partial Parameter W { get; private set; } public Mlp(int a) : this() { W = new Parameter(zeros(a, 3)); }")]
    public Task Stays_quiet(string member) => Verify.Analyzer<UnreachableFormatAnalyzer>(Class(member));

    /// <summary>The names above tell the tensors apart, as those of a class that is used in several places.</summary>
    [Theory]
    [InlineData("Format = \"gguf\"", "Format = \"gguf\"")]
    [InlineData("Format = Gguf", "Format = \"gguf\"")]
    [InlineData("Format = \"other\"", "{|LANY0012:Format = \"gguf\"|}")]
    public Task Stays_quiet_where_a_child_has_a_name_in_the_format(string named, string format) => Verify.Analyzer<UnreachableFormatAnalyzer>(
        Class($"[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\"), FromCheckpoint(\"w\", \"out in\", {format})] public partial Parameter W {{ get; private set; }}") + $$"""
        [ParameterModule] public partial class Parent() : Module("parent")
        {
            private const string Gguf = "gguf";
            [CheckpointName("ffn", {{named}})] public Mlp Child { get; } = new();
        }
        """);

    private static string Class(string member) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int Out => 4;
            [Axis] public int In => 3;
            {{member}}
        }
        """;
}
