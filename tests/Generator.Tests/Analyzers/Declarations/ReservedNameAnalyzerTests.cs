using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class ReservedNameAnalyzerTests
{
    private const string Attributes = "[Parameter(\"\"), FromCheckpoint(\"w\", \"\")] ";

    [Theory]
    [InlineData("public int {|LANY0015:Map|} => 2;")]
    [InlineData("private class {|LANY0015:ParameterEntries|};")]
    [InlineData("private void {|LANY0015:CreateParameters|}() { }")]
    [InlineData("private readonly int {|LANY0015:Parameters|} = 2;")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:Module|} { get; }")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:Children|} { get; }")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:VisitChildren|} { get; }")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:Registered|} { get; }")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:RegisteredModules|} { get; }")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:Remember|} { get; }")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:_module|} { get; }")]
    [InlineData(Attributes + "public partial Parameter {|LANY0015:training|} { get; }")]
    [InlineData(Attributes + "public new partial Parameter {|LANY0015:forward|} { get; }")]
    [InlineData("public new Linear {|LANY0015:parameters|} { get; } = Linear(2, 2);")]
    public Task Fires(string member) => Verify.Analyzer<ReservedNameAnalyzer>(Class(member), compiles: false);

    [Theory]
    [InlineData("{|LANY0015:Map|}")]
    [InlineData("{|LANY0015:ParameterEntries|}")]
    [InlineData("Mlp<{|LANY0015:Parameters|}>")]
    [InlineData("Mlp<T, {|LANY0015:CreateParameters|}>")]
    public Task Fires_on_a_class(string name) => Verify.Analyzer<ReservedNameAnalyzer>(
        $$"""[ParameterModule] public sealed partial class {{name}}() : Module("mlp");""", compiles: false);

    [Theory]
    [InlineData("private void CreateParameters(int count) { }")]
    [InlineData("public int Run => 2; public int Module => 3;")]
    [InlineData(Attributes + "public partial Parameter Mapped { get; }")]
    [InlineData("public Linear Children { get; } = Linear(2, 2);")]
    public Task Stays_quiet(string member) => Verify.Analyzer<ReservedNameAnalyzer>(Class(member));

    private static string Class(string member) => $$"""
        public abstract class Layer() : Module<Tensor, Tensor>("layer");
        [ParameterModule] public abstract partial class Mlp : Layer
        {
            {{member}}
        }
        """;
}
