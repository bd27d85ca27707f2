using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class ParameterTypeAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"a\")] public partial {|LANY0004:Tensor|} W { get; private set; }")]
    [InlineData("[Parameter(\"a\")] public partial {|LANY0004:Parameter?|} W { get; private set; }")]
    [InlineData("[Parameter(\"a\", When = nameof(Has))] public partial {|LANY0004:Parameter|} W { get; private set; }")]
    [InlineData("[Parameter(\"a\", When = nameof(Has))] public partial {|LANY0004:Tensor|} W { get; private set; }")]
    public Task Fires(string property) => Verify.Analyzer<ParameterTypeAnalyzer>(Class(property), compiles: false);

    [Theory]
    [InlineData("[Parameter(\"a\")] public partial Parameter W { get; private set; }")]
    [InlineData("[Parameter(\"a\", When = nameof(Has))] public partial Parameter? W { get; private set; }")]
    [InlineData("public Tensor? W { get; private set; }")]
    public Task Stays_quiet(string property) => Verify.Analyzer<ParameterTypeAnalyzer>(Class(property));

    private static string Class(string members) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int A => 2;
            public bool Has => true;
            {{members}}
        }
        """;
}
