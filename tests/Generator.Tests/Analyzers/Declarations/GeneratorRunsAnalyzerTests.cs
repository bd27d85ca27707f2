using Lanyard.Generator.Analyzers.Declarations;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class GeneratorRunsAnalyzerTests
{
    [Fact]
    public Task Fires_once_for_a_class_without_its_other_half() => Verify.Analyzer<GeneratorRunsAnalyzer>(
        """
        [ParameterModule] public partial class {|LANY0018:Mlp|}() : Module("mlp")
        {
            [Parameter(""), FromCheckpoint("w", "")] public partial Parameter W { get; private set; }
            [Parameter(""), FromCheckpoint("v", "")] public partial Parameter V { get; private set; }
        }
        """, compiles: false, generates: false);

    [Fact]
    public Task Fires_where_the_language_is_too_old()
    {
        const string source = "[ParameterModule] public partial class {|LANY0018:Mlp|}() : Module(\"mlp\");";
        return new AnalyzerRun<GeneratorRunsAnalyzer>(source, compiles: false, generates: true) { Version = LanguageVersion.CSharp13 }.RunAsync();
    }

    [Theory]
    [InlineData("[ParameterModule] public partial class Mlp() : Module(\"mlp\");", true)]
    [InlineData("[ParameterModule] public partial class NoModule;", true)]
    [InlineData("public partial class Mlp() : Module(\"mlp\");", false)]
    public Task Stays_quiet(string source, bool generates) => Verify.Analyzer<GeneratorRunsAnalyzer>(source, generates: generates);
}
