using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class HidingAnalyzerTests
{
    [Fact]
    public Task Fires_on_with_new() => Verify.Analyzer<HidingAnalyzer>(Layer.With(
        "", after: """class Louder : Scale { public new int {|LANY0028:Weight|} => 1; }"""));

    [Fact]
    public Task Fires_on_with_a_method() => Verify.Analyzer<HidingAnalyzer>(Layer.With(
        "", after: """class Louder : Scale { public new void {|LANY0028:Weight|}() { } }"""));

    [Fact]
    public Task Stays_quiet_on_other_members() => Verify.Analyzer<HidingAnalyzer>(Layer.With(
        "", after: """class Louder : Scale { public int Volume => 1; }"""));

    [Fact]
    public Task Stays_quiet_on_other_classes() => Verify.Analyzer<HidingAnalyzer>(Layer.With(
        "", after: """class Plain { public int Weight => 1; } class Other : Plain { public new int Weight => 2; }"""));
}
