using Lanyard.Generator.Analyzers.PostLoad;

namespace Lanyard.Generator.Tests.Analyzers.PostLoad;

public sealed class TwoWritersAnalyzerTests
{
    [Fact]
    public Task Fires_on_two_methods() => Verify.Analyzer<TwoWritersAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight = New(Bias); [PostLoad] void {|LANY0029:Q|}() => Weight = New(Bias * 2);"""));

    [Fact]
    public Task Stays_quiet_on_one_each() => Verify.Analyzer<TwoWritersAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight = New(Weight); [PostLoad] void Q() => Bias = New(Bias);"""));

    [Theory]
    [InlineData("""[PostLoad] void P() => (Weight, Bias) = (New(Weight), New(Bias)); [PostLoad] void {|LANY0029:Q|}() => this.Bias = New(Bias);""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<TwoWritersAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); void U() => Weight = New(Weight);""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<TwoWritersAnalyzer>(Layer.With(code));
}
