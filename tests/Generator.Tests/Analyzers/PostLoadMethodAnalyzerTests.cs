using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class PostLoadMethodAnalyzerTests
{
    [Fact]
    public Task Fires_on_that_is_static() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] static void {|LANY0021:P|}() { }"""));

    [Fact]
    public Task Fires_on_that_takes_a_parameter() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] void {|LANY0021:P|}(int n) { }"""));

    [Fact]
    public Task Fires_on_that_returns_a_value() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] int {|LANY0021:P|}() => 1;"""));

    [Fact]
    public Task Fires_on_that_is_generic() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] void {|LANY0021:P|}<T>() { }"""));

    [Fact]
    public Task Fires_on_that_is_async() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] async void {|LANY0021:P|}() => await System.Threading.Tasks.Task.Yield();"""));

    [Fact]
    public Task Fires_on_that_is_virtual() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] protected virtual void {|LANY0021:P|}() { }"""));

    [Fact]
    public Task Fires_on_that_undoes_one() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); int {|LANY0021:U|}() => 1;"""));

    [Fact]
    public Task Stays_quiet_on_that_is_plain() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] void P() { } int Other() => 1;"""));
}
