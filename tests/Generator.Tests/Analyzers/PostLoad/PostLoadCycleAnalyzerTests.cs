using Lanyard.Generator.Analyzers.PostLoad;

namespace Lanyard.Generator.Tests.Analyzers.PostLoad;

public sealed class PostLoadCycleAnalyzerTests
{
    [Fact]
    public Task Fires_on_two_methods() => Verify.Analyzer<PostLoadCycleAnalyzer>(Layer.With(
        """[PostLoad] void {|LANY0030:P|}() => Weight = New(Bias); [PostLoad] void {|LANY0030:Q|}() => Bias = New(Weight);"""));

    [Fact]
    public Task Stays_quiet_on_a_chain() => Verify.Analyzer<PostLoadCycleAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight = New(Weight * 2); [PostLoad] void Q() => Bias = New(Bias + Weight);"""));

    [Theory]
    [InlineData("""[PostLoad] void {|LANY0030:P|}() => Weight = New(Help()); Tensor Help() => Bias; [PostLoad] void {|LANY0030:Q|}() => Bias = New(Weight);""")]
    [InlineData("""[Parameter("size")] partial Parameter C { get; set; } [PostLoad] void {|LANY0030:P|}() => Weight = New(Bias); [PostLoad] void {|LANY0030:Q|}() => Bias = New(C); [PostLoad] void {|LANY0030:R|}() => C = New(Weight);""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<PostLoadCycleAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""[PostLoad] void P() => (Weight, Bias) = (New(Bias), New(Weight));""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<PostLoadCycleAnalyzer>(Layer.With(code));
}
