using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class SharedTensorAnalyzerTests
{
    [Theory]
    [InlineData("""public Scale(int n) : base("s") { Weight = New(torch.zeros(4)); Bias = {|LANY0038:Weight|}; }""")]
    [InlineData("""[PostLoad] void P() => (Weight, Bias) = ({|LANY0038:Bias|}, {|LANY0038:Weight|});""")]
    [InlineData("""public Scale(Scale other) : base("s") { CreateParameters(); Weight = {|LANY0038:other.Weight|}; }""")]
    [InlineData("""[PostLoad] void P() => Bias = Size > 1 ? New(Weight) : {|LANY0038:Weight|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Weight|} ?? New(Bias);""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; Bias = {|LANY0038:w|}; }""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Weight|} = New(Bias);""")]
    [InlineData("""[PostLoad] void P() => Bias = Size switch { 1 => {|LANY0038:Weight|}, _ => New(Bias) };""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Weight|}!;""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<SharedTensorAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""[PostLoad] void P() => Bias = New(Weight);""")]
    [InlineData("""void M() { var w = Weight; w = Bias; }""")]
    [InlineData("""[PostLoad] void P() => Bias = Size > 1 ? New(Weight) : New(Bias);""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<SharedTensorAnalyzer>(Layer.With(code));
}
