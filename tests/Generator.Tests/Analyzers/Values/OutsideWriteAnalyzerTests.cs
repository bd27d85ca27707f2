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
    [InlineData("""class Trainer { void M(Scale scale) => scale.Parameters.Weight.Value.{|LANY0035:add_|}(1); }""")]
    [InlineData("""class Trainer { void M(Scale scale) { foreach (var (_, p) in scale.AllParameters()) p.Value.{|LANY0035:add_|}(1); } }""")]
    [InlineData("""class Trainer { void M(Scale scale) { foreach (var p in scale.parameters()) p.{|LANY0035:add_|}(1); } }""")]
    [InlineData("""class Trainer { void M(Scale scale) { foreach (var p in scale.parameters()) init.{|LANY0035:normal_|}(p); } }""")]
    [InlineData("""class Trainer { void M(ParameterSet set) { foreach (var p in set) {|LANY0035:p.Value[0]|} = torch.tensor(1f); } }""")]
    [InlineData("""class Trainer { void M(Scale scale) => Step({|LANY0035:scale.Weight|}); void Step(Tensor t) => t.add_(1); }""")]
    [InlineData("""class Trainer { void M(Scale scale) { if (scale is { Weight: var w, Bias: { } b }) { w.{|LANY0035:add_|}(1); b.{|LANY0035:add_|}(1); } } }""")]
    [InlineData("""class Trainer { Func<Tensor, Tensor> M(Scale scale) => scale.Weight.{|LANY0035:add_|}; }""")]
    [InlineData("""class Trainer { void M(Scale scale) { var bytes = scale.Weight.bytes; {|LANY0035:bytes[^1]|} = 1; } }""")]
    [InlineData("""class Trainer { void M(BoundParameter bound) => bound.Value.{|LANY0035:add_|}(1); }""")]
    [InlineData("""static class Trainer { static void M(Scale scale) => scale.Weight.{|LANY0035:Step|}(); static void Step(this Tensor t) => t.add_(1); }""")]
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
    [InlineData("""class Trainer { void M(Scale scale) => Step(scale.Weight); void Step(Tensor t) => t.add(1); }""")]
    [InlineData("""class Trainer { void M(Scale scale) { using var sgd = torch.optim.SGD(scale.parameters(), 0.1); sgd.step(); } }""")]
    [InlineData("""class Trainer { void M(Linear linear) { foreach (var p in linear.parameters()) p.add_(1); } }""")]
    [InlineData("""class Trainer { void M(Scale scale) { foreach (var (n, p) in scale.AllParameters()) { var copy = p.Value.clone(); copy.add_(1); } } }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<OutsideWriteAnalyzer>(Layer.With("", after: code));
}
