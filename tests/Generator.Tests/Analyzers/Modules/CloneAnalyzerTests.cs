using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class CloneAnalyzerTests
{
    [Fact]
    public Task Fires_on_inside() => Verify.Analyzer<CloneAnalyzer>(Layer.With(
        """object M() => {|LANY0033:MemberwiseClone|}();"""));

    [Fact]
    public Task Stays_quiet_on_other_classes() => Verify.Analyzer<CloneAnalyzer>(Layer.With(
        "", after: """class Plain { object M() => MemberwiseClone(); }"""));
}
