using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class NamedArgumentAnalyzerTests
{
    [Theory]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Part = {|LANY0017:\"q\"|})")]
    [InlineData("Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"w\", \"out in\", Part = \"q\"), FromCheckpoint(\"v\", \"out in\", Part = {|LANY0017:\"v\"|})")]
    [InlineData("Parameter(\"out in\", When = {|LANY0017:\"Missing\"|}), FromCheckpoint(\"w\", \"out in\")")]
    [InlineData("Parameter(\"out in\", When = {|LANY0017:nameof(Out)|}), FromCheckpoint(\"w\", \"out in\")")]
    [InlineData("Parameter(\"out in\", When = {|LANY0017:nameof(Static)|}), FromCheckpoint(\"w\", \"out in\")")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", BlockSize = {|LANY0017:128|})")]
    [InlineData("Parameter(\"out\"), FromCheckpoint(\"w\", \"out\", Scale = \"s\", BlockSize = {|LANY0017:128|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = \"s\", BlockSize = {|LANY0017:-1|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Packing = {|LANY0017:Packing.Mxfp4|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Packing = Packing.Mxfp4, Scale = \"s\", BlockSize = {|LANY0017:32|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w.{out}\", \"in\", Scale = {|LANY0017:\"s\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w.{out}.{in}\", \"\", Scale = {|LANY0017:\"s.{in}.{out}\"|})")]
    [InlineData("Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = {|LANY0017:\"w\"|})")]
    public Task Fires(string attributes) => Verify.Analyzer<NamedArgumentAnalyzer>(Class($"[{attributes}] public partial Parameter? W {{ get; private set; }}"), compiles: false);

    [Theory]
    [InlineData("Undo = {|LANY0017:\"Missing\"|}")]
    [InlineData("Undo = {|LANY0017:nameof(Pad)|}")]
    [InlineData("Undo = {|LANY0017:nameof(Counted)|}")]
    [InlineData("Undo = {|LANY0017:nameof(Again)|}")]
    public Task Fires_on_methods(string arguments) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(
        $$"""[PostLoad({{arguments}})] private void Pad() { } private int Counted() => 2; [PostLoad] private void Again() { }"""));

    [Theory]
    [InlineData("[Parameter(\"(q: out + k: out) in\"), FromCheckpoint(\"w\", \"out in\", Part = \"q\"), FromCheckpoint(\"v\", \"out in\", Part = \"k\")] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\", When = nameof(Has)), FromCheckpoint(\"w\", \"out in\")] public partial Parameter? W { get; private set; }")]
    [InlineData("[Parameter(\"out in\", When = nameof(training)), FromCheckpoint(\"w\", \"out in\")] public partial Parameter? W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w.{out - 1}\", \"in\", Scale = \"s.{out}\", Offset = 1)] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = \"s\", BlockSize = 128)] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"out in\"), FromCheckpoint(\"w\", \"out in\", Scale = \"s\", Packing = Packing.Mxfp4)] public partial Parameter W { get; private set; }")]
    [InlineData("[PostLoad(Undo = nameof(Cut))] private void Pad() { } private void Cut() { }")]
    public Task Stays_quiet(string members) => Verify.Analyzer<NamedArgumentAnalyzer>(Class(members));

    private static string Class(string members) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int Out => 4;
            [Axis] public int In => 3;
            public bool Has => true;
            public static bool Static => true;
            {{members}}
        }
        """;
}
