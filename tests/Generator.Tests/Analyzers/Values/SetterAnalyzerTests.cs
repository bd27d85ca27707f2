using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class SetterAnalyzerTests
{
    private const string Pad = "[PostLoad] private void Pad() => W = new Parameter(W);";

    [Theory]
    [InlineData("public partial Parameter W { get; {|LANY0005:set|}; }")]
    [InlineData("public partial Parameter W { get; internal {|LANY0005:set|}; }")]
    [InlineData("protected internal partial Parameter W { get; {|LANY0005:set|}; }")]
    [InlineData("public partial Parameter {|LANY0005:W|} { get; }" + Pad)]
    [InlineData("public partial Parameter {|LANY0005:W|} { get; } [PostLoad] private void Pad() { (_, this.W) = (1, new Parameter(W)); }")]
    [InlineData("public partial Parameter W { get; {|LANY0005:init|}; }" + Pad)]
    public Task Fires(string property) => Verify.Analyzer<SetterAnalyzer>(Class(property), compiles: false);

    [Theory]
    [InlineData("public partial Parameter W { get; private set; }" + Pad)]
    [InlineData("public partial Parameter W { get; protected set; }" + Pad)]
    [InlineData("private partial Parameter W { get; set; }" + Pad)]
    [InlineData("public partial Parameter W { get; }")]
    [InlineData("public required partial Parameter W { get; init; }")]
    [InlineData("public partial Parameter W { get; } private int Other { get; set; } [PostLoad] private void Count() => Other = 1;")]
    public Task Stays_quiet(string property) => Verify.Analyzer<SetterAnalyzer>(Class(property));

    [Theory]
    [InlineData("public partial Parameter W { get; {|LANY0005:set|}; }")]
    [InlineData("public partial Parameter W { get; internal {|LANY0005:set|}; }")]
    [InlineData("public partial Parameter W { get; {|LANY0005:init|}; }")]
    [InlineData("public partial Parameter {|LANY0005:W|} { get; }")]
    public Task Fix_makes_the_setter_private(string property) => Verify.CodeFix<SetterAnalyzer, PrivateSetterFix>(
        Class(property + "\n    " + Pad),
        Class("public partial Parameter W { get; private set; }\n    " + Pad),
        compiles: false);

    [Fact]
    public Task Fix_leaves_alone_what_creators_must_set()
    {
        var code = Class("public required partial Parameter W { get; {|LANY0005:set|}; }");
        return Verify.CodeFix<SetterAnalyzer, PrivateSetterFix>(code, code);
    }

    [Fact]
    public Task Fix_keeps_the_attributes_of_the_setter() => Verify.CodeFix<SetterAnalyzer, PrivateSetterFix>(
        Class("public partial Parameter W { get; [Obsolete] internal {|LANY0005:set|}; }"),
        Class("public partial Parameter W { get; [Obsolete] private set; }"));

    private static string Class(string members) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int A => 2;
            [Parameter("a"), FromCheckpoint("w", "a")]
            {{members}}
        }
        """;
}
