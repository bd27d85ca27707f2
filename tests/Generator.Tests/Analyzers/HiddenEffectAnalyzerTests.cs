using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class HiddenEffectAnalyzerTests
{
    [Fact]
    public Task Fires_on_this_is_handed_on() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() => Help({|LANY0022:this|}); static void Help(Scale s) { }"""));

    [Fact]
    public Task Fires_on_this_is_kept() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() { var self = {|LANY0022:this|}; }"""));

    [Fact]
    public Task Fires_on_a_method_is_called_that_can_be_replaced() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() => {|LANY0022:Q|}(); protected virtual void Q() { }"""));

    [Fact]
    public Task Stays_quiet_on_it_reads_and_calls_its_own() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() => this.Weight = New(this.Sum()); Tensor Sum() => Weight + Bias;"""));

    [Fact]
    public Task Stays_quiet_on_other_methods_do_as_they_like() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """void M() => Help(this); static void Help(Scale s) { }"""));
}
