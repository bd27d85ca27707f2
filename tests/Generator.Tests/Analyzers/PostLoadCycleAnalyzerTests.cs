using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class PostLoadCycleAnalyzerTests
{
    [Fact]
    public Task Fires_on_two_methods() => Verify.Analyzer<PostLoadCycleAnalyzer>(Layer.With(
        """[PostLoad] void {|LANY0030:P|}() => Weight = New(Bias); [PostLoad] void {|LANY0030:Q|}() => Bias = New(Weight);"""));

    [Fact]
    public Task Stays_quiet_on_a_chain() => Verify.Analyzer<PostLoadCycleAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight = New(Weight * 2); [PostLoad] void Q() => Bias = New(Bias + Weight);"""));
}
