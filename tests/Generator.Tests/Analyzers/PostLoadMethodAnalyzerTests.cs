using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class PostLoadMethodAnalyzerTests
{
    [Fact]
    public Task Fires_on_a_virtual_method() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] protected virtual void {|LANY0021:P|}() { }"""));

    [Fact]
    public Task Fires_on_an_override() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] public override void {|LANY0021:Dispose|}() { }""", after: ""), compiles: false);

    [Fact]
    public Task Fires_on_a_virtual_method_that_undoes_one() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); protected virtual void {|LANY0021:U|}() { }"""));

    [Fact]
    public Task Stays_quiet_on_a_plain_method_and_on_other_virtual_ones() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] void P() { } protected virtual int Other() => 1;"""));
}
