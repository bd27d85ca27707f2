using Lanyard.Generator.Analyzers.PostLoad;

namespace Lanyard.Generator.Tests.Analyzers.PostLoad;

public sealed class PostLoadCallAnalyzerTests
{
    [Fact]
    public Task Fires_on_calling() => Verify.Analyzer<PostLoadCallAnalyzer>(Layer.With(
        """[PostLoad] void P() { } void M() => {|LANY0034:P|}();"""));

    [Fact]
    public Task Fires_on_a_delegate() => Verify.Analyzer<PostLoadCallAnalyzer>(Layer.With(
        """[PostLoad] void P() { } Action M() => {|LANY0034:P|};"""));

    [Fact]
    public Task Fires_on_from_outside() => Verify.Analyzer<PostLoadCallAnalyzer>(Layer.With(
        """[PostLoad] internal void P() { }""", after: """class Engine { void M(Scale scale) => scale.{|LANY0034:P|}(); }"""));

    [Fact]
    public Task Fires_on_what_undoes() => Verify.Analyzer<PostLoadCallAnalyzer>(Layer.With(
        """[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); void U() => Weight = New(Weight); void M() => {|LANY0034:U|}();"""));

    [Fact]
    public Task Stays_quiet_on_naming_and_helpers() => Verify.Analyzer<PostLoadCallAnalyzer>(Layer.With(
        """[PostLoad] void P() => Help(); void Help() { } void M() => Help(); string N => nameof(P);"""));

    [Theory]
    [InlineData("""[PostLoad] void P() { } public Scale(int n) : base("s") { CreateParameters(); {|LANY0034:P|}(); }""")]
    [InlineData("""[PostLoad] void P() { } [PostLoad] void Q() => {|LANY0034:P|}();""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<PostLoadCallAnalyzer>(Layer.With(code));
}
