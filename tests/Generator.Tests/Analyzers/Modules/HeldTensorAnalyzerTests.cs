using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class HeldTensorAnalyzerTests
{
    [Fact]
    public Task Fires_on_a_field() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """private Tensor? {|LANY0024:_cache|} = null;"""));

    [Fact]
    public Task Fires_on_a_property() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """public Parameter? {|LANY0024:Held|} { get; set; }"""));

    [Fact]
    public Task Fires_on_a_list() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """private readonly List<Parameter> {|LANY0024:_all|} = [];"""));

    [Fact]
    public Task Fires_on_an_array() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """private readonly Tensor[] {|LANY0024:_all|} = [];"""));

    [Fact]
    public Task Stays_quiet_on_what_is_computed() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """public Tensor Twice => Weight * 2; private Func<Tensor, Tensor>? _activation; private static readonly Tensor? Shared = null;"""));

    [Fact]
    public Task Stays_quiet_on_other_classes() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        "", after: """class Engine { private Tensor? _cache; public Parameter? Held { get; set; } Tensor? Get() => _cache; }"""));

    [Theory]
    [InlineData("""private static Parameter? {|LANY0024:s_shared|} = null;""")]
    [InlineData("""private readonly Dictionary<string, (Tensor, int)> {|LANY0024:_all|} = [];""")]
    [InlineData("""private Lazy<Tensor>? {|LANY0024:_lazy|} = null;""")]
    [InlineData("""private Tensor? {|LANY0024:_once|}; Tensor Once => _once ??= Weight * 2;""")]
    [InlineData("""Tensor? {|LANY0024:Twice|} { get => field ??= Weight * 2; }""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Plain() : Module("p") { protected Tensor? Held = null; } [ParameterModule] partial class {|LANY0024:Own|} : Plain;""")]
    [InlineData("""class Plain() : Module("p") { public Tensor Held { get; } = zeros(2); } [ParameterModule] partial class {|LANY0024:Own|} : Plain;""")]
    [InlineData("""class Plain(Tensor mask) : Module("p") { public Tensor M() => mask; } [ParameterModule] partial class {|LANY0024:Own|}() : Plain(zeros(2));""")]
    [InlineData("""class Louder : Scale { private Tensor? {|LANY0024:_cache|} = null; Tensor? Get() => _cache; }""")]
    [InlineData("""[ParameterModule] partial class Mask(Tensor {|LANY0024:mask|}) : Module("m") { Tensor M() => mask; }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""Tensor M(Tensor t) { var local = t * 2; return local; }""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""abstract class Plain() : Module("p") { public Tensor Twice(Tensor t) => t * 2; public abstract Tensor Held { get; set; } } [ParameterModule] abstract partial class Own : Plain;""")]
    [InlineData("""[ParameterModule] partial class Mask(Tensor mask) : Module("m") { public long Size { get; } = mask.shape[0]; }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With("", after: code));
}
