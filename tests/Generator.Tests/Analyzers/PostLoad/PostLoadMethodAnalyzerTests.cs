using Lanyard.Generator.Analyzers.PostLoad;

namespace Lanyard.Generator.Tests.Analyzers.PostLoad;

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

    [Theory]
    [InlineData("""[PostLoad] void {|LANY0021:P|}(int n) { }""")]
    [InlineData("""[PostLoad] void {|LANY0021:P|}(int n = 1) { }""")]
    [InlineData("""[PostLoad] int {|LANY0021:P|}() => 1;""")]
    [InlineData("""[PostLoad] void {|LANY0021:P|}<T>() { }""")]
    [InlineData("""[PostLoad] async void {|LANY0021:P|}() => await System.Threading.Tasks.Task.Yield();""")]
    [InlineData("""[PostLoad] System.Threading.Tasks.Task {|LANY0021:P|}() => System.Threading.Tasks.Task.CompletedTask;""")]
    [InlineData("""[PostLoad] IEnumerable<int> {|LANY0021:P|}() { yield return 1; }""")]
    [InlineData("""[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); int {|LANY0021:U|}() => 1;""")]
    public Task Fires_on_what_a_load_cannot_call(string code) => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(code), compiles: false);

    [Fact]
    public Task Stays_quiet_on_another_overload_of_what_undoes_one() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight * 2); void U() => Weight = New(U(2)); Tensor U(int by) => Weight / by;"""));

    [Fact]
    public Task Stays_quiet_on_a_static_method_that_touches_nothing() => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(
        """[PostLoad] static void P() => Console.WriteLine("loaded");"""));

    [Theory]
    [InlineData("""[PostLoad, System.Diagnostics.Conditional("DEBUG")] void {|LANY0021:P|}() => Weight = New(Weight);""")]
    [InlineData("""[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); [System.Diagnostics.Conditional("DEBUG"), System.Diagnostics.Conditional("TRACE")] void {|LANY0021:U|}() => Weight = New(Weight);""")]
    [InlineData("""[PostLoad] partial void {|LANY0021:P|}(); [System.Diagnostics.Conditional("DEBUG")] partial void P() => Weight = New(Weight);""")]
    [InlineData("""[PostLoad] partial void {|LANY0021:P|}();""")]
    [InlineData("""[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); partial void {|LANY0021:U|}();""")]
    [InlineData("""[PostLoad, System.Runtime.InteropServices.DllImport("x")] static extern void {|LANY0021:P|}();""")]
    [InlineData("""[PostLoad] private partial void {|LANY0021:P|}(); [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.InternalCall)] private extern partial void P();""")]
    [InlineData("""void M() { [PostLoad] void {|LANY0021:P|}() { } P(); }""")]
    [InlineData("""void M() { Action p = [{|LANY0021:PostLoad|}] () => { }; p(); }""")]
    [InlineData("""int Count { [PostLoad] {|LANY0021:get|} => 1; }""")]
    [InlineData("""[PostLoad] ~{|LANY0021:Scale|}() { }""")]
    public Task Fires_on_what_would_not_run(string code) => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(code));

    [Fact]
    public Task Fires_on_an_explicit_implementation() => Verify.Analyzer<PostLoadMethodAnalyzer>(
        """interface IReady { void P(); } [ParameterModule] partial class Own() : Module("o"), IReady { [PostLoad] void IReady.{|LANY0021:P|}() { } }""");

    [Theory]
    [InlineData("""[PostLoad] partial void P(); partial void P() => Weight = New(Weight);""")]
    [InlineData("""[PostLoad] private partial void P(); private partial void P() { }""")]
    [InlineData("""[PostLoad, Obsolete("no", true)] void P() => Weight = New(Weight);""")]
    [InlineData("""[PostLoad] void P() { Trace(); System.Diagnostics.Debug.Assert(Size > 0); } [System.Diagnostics.Conditional("DEBUG")] void Trace() { } partial void Q();""")]
    [InlineData("""[PostLoad] void P() { void Local() { } Local(); Action a = () => { }; a(); }""")]
    public Task Stays_quiet_on_what_runs(string code) => Verify.Analyzer<PostLoadMethodAnalyzer>(Layer.With(code));
}
