using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class DuplicateNameAnalyzerTests
{
    [Theory]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"a\", \"\")] public partial Parameter UpProj { get; } [Parameter(\"\"), FromCheckpoint(\"b\", \"\")] public partial Parameter {|LANY0014:Up_proj|} { get; }")]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"a\", \"\")] public partial Parameter up_ { get; } public Linear {|LANY0014:Up|} { get; } = Linear(2, 2);")]
    [InlineData("public Linear Up { get; } = Linear(2, 2); public Linear {|LANY0014:up|} { get; } = Linear(2, 2);")]
    [InlineData("public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"up\")] public Linear {|LANY0014:Down|} { get; } = Linear(2, 2);")]
    [InlineData("private Linear _l = Linear(2, 2); public Linear Up => _l; public Linear {|LANY0014:Gate|} => _l;")]
    [InlineData("private Linear? _l; public Linear? Up => _l; public Linear? {|LANY0014:Gate|} { get { return this._l!; } }")]
    [InlineData("private Module _l = Linear(2, 2); public Module Up => _l; public Linear? {|LANY0014:Gate|} => _l as Linear; public Linear {|LANY0014:Down|} => (Linear)_l;")]
    [InlineData("private Linear[] _l = []; public IReadOnlyList<Linear> Up => _l; public Linear[] {|LANY0014:Down|} => _l ??= [];")]
    [InlineData("private Linear _l = Linear(2, 2); public partial Linear Up { get; } public partial Linear Up => _l; public Linear {|LANY0014:Down|} { get => _l; set => _l = value; }")]
    [InlineData("[CheckpointName(\"ff\", Format = \"gguf\")] public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"ff\", Format = \"gguf\")] public Linear {|LANY0014:Down|} { get; } = Linear(2, 2);")]
    [InlineData("public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"up\", Format = \"gguf\")] public Linear {|LANY0014:Down|} { get; } = Linear(2, 2);")]
    [InlineData("[CheckpointName(\"a\", Format = \"gguf\")] public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"up\"), CheckpointName(\"b\", Format = \"gguf\")] public Linear {|LANY0014:Down|} { get; } = Linear(2, 2);")]
    public Task Fires(string members) => Verify.Analyzer<DuplicateNameAnalyzer>(Class(members));

    [Theory]
    [InlineData("public Linear Up { get; } = Linear(2, 2); public Linear First => Up;")]
    [InlineData("[CheckpointName(\"ff\")] public Linear? Up { get; } [CheckpointName(\"ff\")] public Conv2d? Down { get; }")]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"a\", \"\")] public partial Parameter Up { get; } [Parameter(\"\"), FromCheckpoint(\"b\", \"\")] public partial Parameter Down { get; } public int UP => 2;")]
    [InlineData("private Module? _l; public Linear? Up => _l as Linear; public Conv2d? Down => _l as Conv2d;")]
    [InlineData("private Linear _l = Linear(2, 2); private bool On => _l.training; public Linear? Up => On ? _l : null; public Linear? Down { get { if (On) return null; return _l; } }")]
    [InlineData("private Linear _l = Linear(2, 2); public Linear Up => _l; public Linear Down => Up; public Linear Gate() => _l;")]
    [InlineData("private Linear _l = Linear(2, 2), _m = Linear(2, 2); public Linear Up => _l; public Linear Down => _m;")]
    [InlineData("[CheckpointName(\"ff\", Format = \"gguf\")] public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"ff\", Format = \"other\")] public Linear Down { get; } = Linear(2, 2);")]
    [InlineData("[CheckpointName(\"down\", Format = \"gguf\")] public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"up\", Format = \"gguf\")] public Linear Down { get; } = Linear(2, 2);")]
    [InlineData("[CheckpointName(\"\", Format = \"gguf\")] public Linear Up { get; } = Linear(2, 2); [CheckpointName(\"\", Format = \"gguf\")] public Linear Down { get; } = Linear(2, 2);")]
    [InlineData("[CheckpointName(\"ff\", Format = \"gguf\")] public Linear? Up { get; } [CheckpointName(\"ff\", Format = \"gguf\")] public Conv2d? Down { get; }")]
    public Task Stays_quiet(string members) => Verify.Analyzer<DuplicateNameAnalyzer>(Class(members));

    [Fact]
    public Task Fires_on_a_parameter_of_a_primary_constructor() => Verify.Analyzer<DuplicateNameAnalyzer>(
        """[ParameterModule] public partial class Mlp(Linear given) : Module("mlp") { public Linear Up => given; public Linear {|LANY0014:Down|} => given; }""");

    [Fact]
    public Task Fires_on_a_field_of_a_base_class() => Verify.Analyzer<DuplicateNameAnalyzer>(
        """class Plain() : Module("p") { protected Linear l = Linear(2, 2); } [ParameterModule] partial class Mlp : Plain { public Linear Up => l; public Linear {|LANY0014:Down|} => base.l; }""");

    [Fact]
    public Task Stays_quiet_on_the_same_property_for_an_interface() => Verify.Analyzer<DuplicateNameAnalyzer>(
        """interface IUp { Linear Up { get; } } [ParameterModule] partial class Mlp() : Module("mlp"), IUp { private Linear _l = Linear(2, 2); public Linear Up => _l; Linear IUp.Up => _l; }""");

    private static string Class(string members) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            {{members}}
        }
        """;
}
