using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

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

    [Theory]
    [InlineData("""class Louder : Scale { public new Parameter {|LANY0028:Weight|} { get; set; } = null!; }""")]
    [InlineData("""class Louder : Scale { public new Parameter {|LANY0028:Weight|} = null!; }""")]
    [InlineData("""class Louder : Scale { public new Action? {|LANY0028:Weight|}; }""")]
    [InlineData("""class Louder : Scale; class Loudest : Louder { public new int {|LANY0028:Weight|} => 1; }""")]
    [InlineData("""interface IHolder { Parameter Weight { get; } } class Louder : Scale, IHolder { Parameter IHolder.{|LANY0028:Weight|} => new(torch.zeros(1)); }""")]
    [InlineData("""abstract class Plain() : Module("p") { public abstract Parameter Weight { get; protected set; } void M() => Weight = new(torch.zeros(1)); } [ParameterModule] partial class Own : Plain { [Axis] int A => 1; [Parameter("a"), FromCheckpoint("w", "a")] public override partial Parameter {|LANY0028:Weight|} { get; protected set; } }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<HidingAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""interface IHolder { Parameter Weight { get; } } class Louder : Scale, IHolder;""")]
    [InlineData("""interface IHolder { Parameter Volume { get; } } class Louder : Scale, IHolder { Parameter IHolder.Volume => Weight; }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<HidingAnalyzer>(Layer.With("", after: code));
}
