using Lanyard.Generator.Analyzers.Numbers;

namespace Lanyard.Generator.Tests.Analyzers.Numbers;

public sealed class ScalarAnalyzerTests
{
    [Theory]
    [InlineData("a {|LANY0041:+|} b")]
    [InlineData("a {|LANY0041:*|} 2f")]
    [InlineData("1 {|LANY0041:-|} a")]
    [InlineData("a {|LANY0041:+=|} b")]
    [InlineData("a.{|LANY0041:add|}(b)")]
    [InlineData("a.{|LANY0041:add_|}({|LANY0041:1|})")]
    [InlineData("a.add(b, alpha: {|LANY0041:1|})")]
    [InlineData("a.clamp(min: {|LANY0041:0|})")]
    [InlineData("a.clamp(max: {|LANY0041:(Scalar)1.5|})")]
    [InlineData("full(3, {|LANY0041:0|})")]
    [InlineData("{|LANY0041:arange|}({|LANY0041:3|})")]
    [InlineData("a.masked_fill(b, {|LANY0041:float.NegativeInfinity|})")]
    [InlineData("a.{|LANY0041:square|}()")]
    [InlineData("functional.{|LANY0041:leaky_relu|}(a, 0.1)")]
    [InlineData("functional.{|LANY0041:softplus|}(a)")]
    public Task Fires_on_what_makes_a_tensor(string expression) => Verify.Analyzer<ScalarAnalyzer>(Layer.With(
        $"Tensor M(Tensor a, Tensor b) => {expression};"));

    [Theory]
    [InlineData("a.{|LANY0041:ToInt64|}()")]
    [InlineData("{|LANY0041:(float)a|}")]
    [InlineData("a.{|LANY0041:ToScalar|}().Type")]
    [InlineData("new Func<double>(a.{|LANY0041:ToDouble|})")]
    [InlineData("{|LANY0041:BatchNorm1d|}(3)")]
    [InlineData("{|LANY0041:new distributions.transforms.AffineTransform(1.0, 2.0)|}")]
    [InlineData("optim.{|LANY0041:SGD|}(parameters(), 0.1)")]
    public Task Fires_on_other_members(string expression) => Verify.Analyzer<ScalarAnalyzer>(Layer.With(
        $"object M(Tensor a) => {expression};"));

    [Fact]
    public Task Fires_on_a_Scalar_in_a_plain_variable() => Verify.Analyzer<ScalarAnalyzer>(Layer.With(
        """
        Tensor M(Tensor a)
        {
            Scalar two = {|LANY0041:2|};
            return a.mul(two);
        }
        """));

    [Fact]
    public Task Fires_outside_of_modules() => Verify.Analyzer<ScalarAnalyzer>(Layer.With(
        "", after: "static class Plain { public static Tensor M(Tensor a, Tensor b) => a {|LANY0041:+|} b; }"));

    [Theory]
    [InlineData("a * b")]
    [InlineData("a - b")]
    [InlineData("a.mul(b)")]
    [InlineData("a.eq(b)")]
    [InlineData("a.mean([-1])")]
    [InlineData("functional.silu(a)")]
    [InlineData("functional.hardshrink(a)")]
    [InlineData("functional.pad(a, [0, 3], value: 1)")]
    [InlineData("a.Plus(b).Times(2).Over(3).Plus(1e-5)")]
    [InlineData("a.add(b, Numbers.One)")]
    [InlineData("Numbers.Full([2, 3], 0.5)")]
    [InlineData("tensor(3f)")]
    [InlineData("zeros(3, 4)")]
    [InlineData("a[0]")]
    [InlineData("a.mul(_half)")]
    [InlineData("a.mul(Half)")]
    public Task Stays_quiet_on_what_keeps_numbers_or_has_none(string expression) => Verify.Analyzer<ScalarAnalyzer>(Layer.With(
        $$"""
        private static readonly Scalar Half = 0.5;
        private readonly Scalar _half = 0.5.ToScalar();
        Tensor M(Tensor a, Tensor b) => {{expression}};
        """));

    [Theory]
    [InlineData("using Scalar two = 2; return a.mul(two);")]
    [InlineData("using var two = (Scalar)2; return a.mul(two);")]
    [InlineData("using (Scalar two = 2) return a.mul(two);")]
    [InlineData("using Scalar low = 0, high = 1; return a.clamp(low, high);")]
    [InlineData("using var one = a.ToScalar(); return one.ToSingle() > 0 ? a : a.neg();")]
    [InlineData("_kept = 2; return a.mul(_kept);")]
    public Task Stays_quiet_where_a_Scalar_is_kept(string body) => Verify.Analyzer<ScalarAnalyzer>(Layer.With(
        $$"""
        private Scalar _kept = 1;
        Tensor M(Tensor a) { {{body}} }
        """));
}
