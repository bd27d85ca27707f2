using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class BackingFieldAnalyzerTests
{
    [Fact]
    public Task Fires_on_a_text() => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With(
        """static string Name => {|LANY0027:"<Weight>k__BackingField"|};"""));

    [Fact]
    public Task Stays_quiet_on_other_texts() => Verify.Analyzer<BackingFieldAnalyzer>(Layer.With(
        """static string Name => "Weight";"""));
}
