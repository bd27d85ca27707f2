using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class PartialPropertyAnalyzerTests
{
    private const string Attributes = "[Axis] private const int A = 2; [Parameter(\"a\"), FromCheckpoint(\"w\", \"a\")]";

    [Theory]
    [InlineData("public Parameter {|LANY0003:W|} { get; private set; } = null!;")]
    [InlineData("public Parameter {|LANY0003:W|} => throw new Exception();")]
    [InlineData("public partial Parameter W { get; private set; } {|LANY0003:= null!|};")]
    [InlineData("public {|LANY0003:static|} partial Parameter W { get; private set; }")]
    [InlineData("public {|LANY0003:abstract|} Parameter W { get; set; }")]
    [InlineData("public partial ref Parameter {|LANY0003:W|} { get; }")]
    [InlineData("public partial Parameter {|LANY0003:this|}[int i] { get; }")]
    [InlineData("public partial Parameter {|LANY0003:W|} { set; }")]
    [InlineData("public partial Parameter W { get; private set; } public partial Parameter {|LANY0003:W|} { get => throw new Exception(); private set { } }")]
    [InlineData("Parameter IHolder.{|LANY0003:W|} { get; }")]
    public Task Fires(string property) => Verify.Analyzer<PartialPropertyAnalyzer>(Class(Attributes + " " + property), compiles: false);

    [Theory]
    [InlineData("public partial Parameter W { get; private set; }")]
    [InlineData("public required partial Parameter W { get; init; }")]
    [InlineData("public virtual partial Parameter W { get; }")]
    public Task Stays_quiet(string property) => Verify.Analyzer<PartialPropertyAnalyzer>(Class(Attributes + " " + property));

    [Fact]
    public Task Fires_where_the_attribute_is_forgotten() => Verify.Analyzer<PartialPropertyAnalyzer>(Class(
        Attributes + " public partial Parameter W { get; private set; } public partial Parameter? {|LANY0003:V|} { get; private set; } [FromCheckpoint(\"x\", \"\")] public partial Parameter X { get; private set; }"));

    [Fact]
    public Task Stays_quiet_on_other_properties() => Verify.Analyzer<PartialPropertyAnalyzer>(Class(
        "public Parameter W => V; private partial Parameter V { get; } private partial Parameter V => throw new Exception();"));

    [Fact]
    public Task Fix_adds_the_modifier() => Verify.CodeFix<PartialPropertyAnalyzer, MakePartialFix>(
        Class(Attributes + " public Parameter {|LANY0003:W|} { get; private set; }"),
        Class(Attributes + " public partial Parameter W { get; private set; }"),
        compiles: false);

    private static string Class(string members) => $$"""
        public interface IHolder { Parameter W { get; } }
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            {{members}}
        }
        """;
}
