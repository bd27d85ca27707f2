using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

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
}
