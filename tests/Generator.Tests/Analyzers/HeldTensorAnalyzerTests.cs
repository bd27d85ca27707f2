using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

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
}
