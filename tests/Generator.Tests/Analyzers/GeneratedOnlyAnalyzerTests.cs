using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class GeneratedOnlyAnalyzerTests
{
    [Fact]
    public Task Fires_on_accepting() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        """void M(Parameter p) => Parameters.{|LANY0026:Accept|}(0, p);"""));

    [Fact]
    public Task Fires_on_reading() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        "", after: """class Engine { object M(Scale scale) => scale.Parameters.{|LANY0026:Read|}(0, null); }"""));

    [Fact]
    public Task Fires_on_implementing() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        "", after: """class {|LANY0026:Fake|} : IParameterModule { public ParameterSet Parameters => throw new Exception(); }"""));

    [Fact]
    public Task Stays_quiet_on_what_engines_use() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale scale) { _ = scale.Parameters.Weight.Layout; scale.BeginRefit().Dispose(); } }"""));
}
