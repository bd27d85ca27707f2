using Lanyard.Generator.Analyzers.PostLoad;

namespace Lanyard.Generator.Tests.Analyzers.PostLoad;

public sealed class KeptResultAnalyzerTests
{
    [Theory]
    [InlineData("float? _s; float S() => {|LANY0053:_s|} ??= Weight.sum().ToSingle();")]
    [InlineData("float _s; void S() => {|LANY0053:_s|} = Weight[0].ToSingle();")]
    [InlineData("float _s; void S() { var sum = Weight.sum(); {|LANY0053:_s|} = sum.ToSingle(); }")]
    [InlineData("double _s; void S() => {|LANY0053:_s|} += Weight.sum().ToDouble();")]
    [InlineData("float S { get; set; } void M() => {|LANY0053:S|} = Bias.sum().ToSingle();")]
    [InlineData("float[]? _s; float[] S => {|LANY0053:_s|} ??= Weight.data<float>().ToArray();")]
    [InlineData("readonly float[] _s = new float[1]; void S() => {|LANY0053:_s[0]|} = Weight.sum().ToSingle();")]
    [InlineData("static float _s; void S() => {|LANY0053:_s|} = Weight.sum().ToSingle();")]
    [InlineData("float _s; void S() => Act(() => {|LANY0053:_s|} = Weight.sum().ToSingle()); void Act(Action a) => a();")]
    public Task Fires_on(string members) => Verify.Analyzer<KeptResultAnalyzer>(Layer.With(members));

    [Theory]
    [InlineData("float _s; [PostLoad] void S() => _s = Weight.sum().ToSingle();")]
    [InlineData("float _s; [PostLoad] void S() => M(); void M() => _s = Weight.sum().ToSingle();")]
    [InlineData("long _n; void S() => _n = Weight.shape[0];")]
    [InlineData("long _n; void S() { var shape = Weight.shape; _n = shape[0]; }")]
    [InlineData("bool _is; void S() => _is = Weight.dtype == ScalarType.Float32;")]
    [InlineData("float S() { var sum = Weight.sum().ToSingle(); return sum; }")]
    [InlineData("Func<float>? _s; void S() => _s = () => Weight.sum().ToSingle();")]
    [InlineData("string? _s; void S() => _s = nameof(Weight);")]
    [InlineData("float _s; void S(float s) => _s = s;")]
    public Task Stays_quiet_on(string members) => Verify.Analyzer<KeptResultAnalyzer>(Layer.With(members));
}
