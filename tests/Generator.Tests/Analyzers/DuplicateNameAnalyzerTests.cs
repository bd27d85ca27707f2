using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class DuplicateNameAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"a\", \"\")] public partial Parameter UpProj { get; } [Parameter(\"\"), FromCheckpoint(\"b\", \"\")] public partial Parameter {|LANY0014:Up_proj|} { get; }")]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"a\", \"\")] public partial Parameter up_ { get; } public Linear {|LANY0014:Up|} { get; } = Linear(2, 2);")]
    [InlineData("public Linear Up { get; } = Linear(2, 2); public Linear {|LANY0014:up|} { get; } = Linear(2, 2);")]
    [InlineData("public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"up\")] public Linear {|LANY0014:Down|} { get; } = Linear(2, 2);")]
    public Task Fires(string members) => Verify.Analyzer<DuplicateNameAnalyzer>(Class(members));

    [Theory]
    [InlineData("public Linear Up { get; } = Linear(2, 2); public Linear First => Up;")]
    [InlineData("[CheckpointName(\"ff\")] public Linear? Up { get; } [CheckpointName(\"ff\")] public Conv2d? Down { get; }")]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"a\", \"\")] public partial Parameter Up { get; } [Parameter(\"\"), FromCheckpoint(\"b\", \"\")] public partial Parameter Down { get; } public int UP => 2;")]
    public Task Stays_quiet(string members) => Verify.Analyzer<DuplicateNameAnalyzer>(Class(members));

    private static string Class(string members) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            {{members}}
        }
        """;
}
