using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class OutsideWriteAnalyzerTests
{
    [Theory]
    [InlineData("""public void M() => Weight.{|LANY0035:mul_|}(2);""")]
    [InlineData("""void M() => Weight.{|LANY0035:mul_|}(2);""")]
    [InlineData("""class Inside { void M(Scale scale) => scale.Weight.{|LANY0035:mul_|}(2); }""")]
    [InlineData("""public Scale(int n) : base("s") { Reset(); } public void Reset() => init.{|LANY0035:zeros_|}(Weight);""")]
    [InlineData("""public Scale(int n) : base("s") { Reset(); } void Reset() => init.{|LANY0035:zeros_|}(Weight); void M() => Reset();""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<OutsideWriteAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Trainer { void M(Scale scale) => scale.Weight.{|LANY0035:add_|}(1); }""")]
    [InlineData("""class Trainer { void M(Scale scale) => {|LANY0035:scale.Weight[0]|} = torch.tensor(1f); }""")]
    [InlineData("""class Trainer { void M(Scale? scale) => scale?.Weight.{|LANY0035:add_|}(1); }""")]
    [InlineData("""class Trainer { void M(Scale scale) { var w = scale.Weight.view(2, 2); w.{|LANY0035:copy_|}(torch.zeros(2, 2)); } }""")]
    [InlineData("""class Louder : Scale { public Louder() => Weight.{|LANY0035:zero_|}(); }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<OutsideWriteAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); init.zeros_(Weight); Weight[0] = torch.tensor(1f); }""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Reset(); } private void Reset() => Inner(); private void Inner() => init.zeros_(Weight);""")]
    [InlineData("""[PostLoad] void P() => Weight.mul_(2);""")]
    [InlineData("""void M() => Weight.set_(torch.zeros(4));""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<OutsideWriteAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Trainer { void M(Scale scale) => scale.Weight.clone().add_(1); }""")]
    [InlineData("""class Plain { Parameter Weight = new(torch.zeros(4)); void M() => Weight.add_(1); }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<OutsideWriteAnalyzer>(Layer.With("", after: code));
}
