using Lanyard.Generator.Analyzers.PostLoad;

namespace Lanyard.Generator.Tests.Analyzers.PostLoad;

public sealed class UnreadLoadAnalyzerTests
{
    private const string Derived = """[Parameter("size")] public partial Parameter Sum { get; private set; } [Parameter("size")] public partial Parameter Twice { get; private set; }""";

    [Theory]
    [InlineData("""[PostLoad] void {|LANY0040:P|}() => Weight = New(Bias);""")]
    [InlineData("""[PostLoad] void {|LANY0040:P|}() => (Weight, Bias) = (New(Bias), New(Bias));""")]
    [InlineData("""[PostLoad] void {|LANY0040:P|}() { if (Bias.numel() > 2) Weight = New(Bias * 2); }""")]
    public Task Fires_on(string members) => Verify.Analyzer<UnreadLoadAnalyzer>(Layer.With(members));

    [Theory]
    [InlineData("""[PostLoad] void P() => Weight = New(Weight + Bias);""")]
    [InlineData("""[PostLoad] void P() => (Weight, Bias) = (New(Bias), New(Weight));""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; Weight = New(w); }""")]
    [InlineData("""[PostLoad] void P() => Weight = New(Both()); Tensor Both() => Weight + Bias;""")]
    [InlineData("""[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); void U() => Weight = New(Weight);""")]
    [InlineData(Derived + """[PostLoad] void P() { Sum = New(Weight + Bias); Twice = New(Weight * 2); }""")]
    public Task Stays_quiet_on(string members) => Verify.Analyzer<UnreadLoadAnalyzer>(Layer.With(members));
}
