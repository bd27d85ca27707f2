using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class OwnershipAnalyzerTests
{
    [Fact]
    public Task Fires_on_disposing() => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(
        """void M() => Weight.{|LANY0032:Dispose|}();"""));

    [Fact]
    public Task Fires_on_moving_the_handle() => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(
        """Parameter M() => new({|LANY0032:Weight|});"""));

    [Fact]
    public Task Fires_on_using() => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(
        """void M() { using var w = {|LANY0032:Weight|}; }"""));

    [Fact]
    public Task Fires_on_using_a_block() => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale scale) { using ({|LANY0032:scale.Weight|}) { } } }"""));

    [Fact]
    public Task Fires_on_moving_scopes() => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(
        """void M() => Weight.{|LANY0032:MoveToOuterDisposeScope|}();"""));

    [Fact]
    public Task Stays_quiet_on_copies() => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(
        """Parameter M() { using var view = Weight.alias(); return new(Weight.clone()); }"""));

    [Theory]
    [InlineData("""void M() => Weight?.{|LANY0032:Dispose|}();""")]
    [InlineData("""void M() { var w = Weight; w.{|LANY0032:Dispose|}(); }""")]
    [InlineData("""void M() => ((IDisposable)Weight).{|LANY0032:Dispose|}();""")]
    [InlineData("""void M() => Weight.{|LANY0032:DetachFromDisposeScope|}();""")]
    [InlineData("""void M() { using var scope = torch.NewDisposeScope(); scope.Attach({|LANY0032:Weight|}); }""")]
    [InlineData("""void M() { using var scope = torch.NewDisposeScope(); scope.MoveToOuter({|LANY0032:Weight|}); }""")]
    [InlineData("""void M() => Weight.to(ScalarType.Float32, {|LANY0032:disposeAfter: true|});""")]
    [InlineData("""Parameter M() => nn.Parameter({|LANY0032:Weight|});""")]
    [InlineData("""Parameter M() { var w = Weight; return new({|LANY0032:w|}); }""")]
    [InlineData("""Parameter M() => new({|LANY0032:(Tensor)Weight|}, requires_grad: false);""")]
    [InlineData("""void M() { using (var w = {|LANY0032:Weight|}) { } }""")]
    [InlineData("""[PostLoad] void P() => Weight = new Parameter({|LANY0032:Size > 4 ? Weight : Weight * 2|}, requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Weight = new({|LANY0032:Size switch { 4 => Weight, _ => Weight * 2 }|}, requires_grad: false);""")]
    [InlineData("""Parameter M(Tensor? other) => new({|LANY0032:other ?? Weight|});""")]
    [InlineData("""[PostLoad] void P() { var w = Size > 4 ? Weight : Weight * 2; Weight = new Parameter({|LANY0032:w|}, requires_grad: false); }""")]
    [InlineData("""void M() => (Size > 4 ? Weight : Bias).{|LANY0032:Dispose|}();""")]
    [InlineData("""void M() { using var w = {|LANY0032:Size > 4 ? Weight : Bias|}; }""")]
    [InlineData("""void M(Tensor? other) { using (var w = {|LANY0032:other ?? Weight|}) { } }""")]
    [InlineData("""void M() => (Size > 4 ? Weight : Bias).to(ScalarType.Float32, {|LANY0032:disposeAfter: true|});""")]
    [InlineData("""void M() { using var scope = torch.NewDisposeScope(); scope.Attach({|LANY0032:Size > 4 ? Weight : Bias|}); }""")]
    [InlineData("""Parameter M(Tensor? other) => nn.Parameter({|LANY0032:other ?? Weight|});""")]
    [InlineData("""void M() => Parameters.Weight.Value.{|LANY0032:Dispose|}();""")]
    [InlineData("""void M() { foreach (var (_, p) in this.AllParameters()) p.Value.{|LANY0032:Dispose|}(); }""")]
    [InlineData("""void M() { foreach (var p in parameters()) { using var gone = {|LANY0032:p|}; } }""")]
    [InlineData("""void M() { if (this is { Weight: var w }) w.{|LANY0032:Dispose|}(); }""")]
    [InlineData("""void M() { var (w, copy) = (Weight, Weight.clone()); w.{|LANY0032:Dispose|}(); copy.Dispose(); }""")]
    [InlineData("""void M() { foreach (var w in new[] { Weight, Bias }) w.{|LANY0032:Dispose|}(); }""")]
    [InlineData("""void M() => Free({|LANY0032:Weight|}); static void Free(IDisposable d) => d.Dispose();""")]
    [InlineData("""void M() => Free(1, {|LANY0032:Weight|}); static void Free(int n, Tensor t) { using (t) { } }""")]
    [InlineData("""Parameter M() => Wrap({|LANY0032:Weight|}); static Parameter Wrap(Tensor t) => new(t, requires_grad: false);""")]
    [InlineData("""void M() { Action free = Weight.{|LANY0032:Dispose|}; }""")]
    [InlineData("""Tensor M() => Moved({|LANY0032:Weight|}); static Tensor Moved(Tensor t) => t.MoveToOuterDisposeScope();""")]
    [InlineData("""void M() { Tensor w = Weight; if (Size > 2) { w = w.clone(); } w.{|LANY0032:Dispose|}(); }""")]
    [InlineData("""void M() => Weight.requires_grad_(false).{|LANY0032:Dispose|}();""")]
    [InlineData("""void M() { using var scope = torch.NewDisposeScope(); scope.Attach(Bias.clone(), {|LANY0032:Weight|}); }""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""void M() { using var some = Parameters.Weight.Value[torch.arange(2)]; using var copy = new Parameter(Weight[Weight > 0]); var other = new Parameter(Weight.to(ScalarType.Float32, copy: true)); }""")]
    [InlineData("""void M() { using var copy = Weight.clone(); var w = Weight; w = New(w); w.Dispose(); Weight.to(ScalarType.Float32, disposeAfter: false); }""")]
    [InlineData("""Parameter M() => nn.Parameter(Weight.alias());""")]
    [InlineData("""[PostLoad] void P() => Weight = new Parameter(Size > 4 ? Weight.alias() : Weight * 2, requires_grad: false);""")]
    [InlineData("""void M() { Tensor w = Weight; if (Size > 2) { w = w.clone(); w.Dispose(); } }""")]
    [InlineData("""void M() { using var w = Size > 2 ? Weight.clone() : Weight.view(2, 2); using var all = nn.Linear(2, 2); }""")]
    [InlineData("""void M() => Use(Weight); static void Use(Tensor t) { using var twice = t * 2; using var view = t.view(-1); }""")]
    [InlineData("""Parameter M() => Wrap(Weight); static Parameter Wrap(Tensor t) => new(t.clone(), requires_grad: false);""")]
    [InlineData("""void M() { foreach (var part in Weight.chunk(2)) part.Dispose(); string n = nameof(Weight.Dispose); }""")]
    [InlineData("""void M() { Free(Weight.clone()); Free(Weight.alias()); } static void Free(Tensor t) => t.Dispose();""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<OwnershipAnalyzer>(Layer.With(code));
}
