using Lanyard.Generator.Analyzers.Layouts;

namespace Lanyard.Generator.Tests.Analyzers.Layouts;

public sealed class SharedSlotAnalyzerTests
{
    [Theory]
    [InlineData("FromCheckpoint(\"w\", \"out in\")", "FromCheckpoint({|LANY0016:\"w\"|}, \"out in\")")]
    [InlineData("FromCheckpoint(\"w\", \"out in\")", "FromCheckpoint({|LANY0016:\"w\"|}, \"in out\")")]
    [InlineData("FromCheckpoint(\"w\", \"out (in + dim)\")", "FromCheckpoint({|LANY0016:\"w\"|}, \"out (in + dim)\")")]
    [InlineData("FromCheckpoint(\"a\", \"out in\"), FromCheckpoint(\"w\", \"in out\", Format = \"x\")", "FromCheckpoint(\"b\", \"out in\"), FromCheckpoint({|LANY0016:\"w\"|}, \"in out\", Format = \"x\")")]
    [InlineData("FromCheckpoint(\"w\", \"out in\", Shared = true)", "FromCheckpoint({|LANY0016:\"w\"|}, \"out in\")")]
    [InlineData("FromCheckpoint(\"w\", \"out in\", Shared = true)", "FromCheckpoint({|LANY0016:\"w\"|}, \"in out\", Shared = true)")]
    [InlineData("FromCheckpoint(\"w\", \"in\", Repeat = \"out\")", "FromCheckpoint({|LANY0016:\"w\"|}, \"in\", Repeat = \"out\")")]
    public Task Fires(string first, string second) => Verify.Analyzer<SharedSlotAnalyzer>(Class(first, second));

    [Theory]
    [InlineData("FromCheckpoint(\"w\", \"out in\")", "FromCheckpoint(\"v\", \"out in\")")]
    [InlineData("FromCheckpoint(\"w\", \"(q: out + k: out) in\", Part = \"q\")", "FromCheckpoint(\"w\", \"(q: out + k: out) in\", Part = \"k\")")]
    [InlineData("FromCheckpoint(\"w\", \"out in\")", "FromCheckpoint(\"v\", \"out in\"), FromCheckpoint(\"w\", \"out in\", Format = \"tied\")")]
    [InlineData("FromCheckpoint(\"w\", \"out in\", Shared = true)", "FromCheckpoint(\"w\", \"out in\", Shared = true)")]
    public Task Stays_quiet(string first, string second) => Verify.Analyzer<SharedSlotAnalyzer>(Class(first, second));

    [Theory]
    [InlineData("(heads (nope + value)) rank", "(heads (value + nope)) rank")]
    [InlineData("(heads (nope + value)) rank", "((nope + value) heads) rank")]
    public Task Fires_where_two_disagree(string first, string second) => Verify.Analyzer<SharedSlotAnalyzer>(
        $$"""
        [ParameterModule] public partial class Mla() : Module("mla")
        {
            [Axis] public int Heads => 4;
            [Axis] public int Nope => 3;
            [Axis] public int Value => 5;
            [Axis] public int Rank => 2;
            [Parameter("heads nope rank"), FromCheckpoint("kv_b_proj.weight", "{{first}}")] public partial Parameter Key { get; }
            [Parameter("heads value rank"), FromCheckpoint({|LANY0016:"kv_b_proj.weight"|}, "{{second}}")] public partial Parameter Values { get; }
        }
        """);

    [Fact]
    public Task Fires_where_a_parameter_contradicts_itself() => Verify.Analyzer<SharedSlotAnalyzer>(
        """
        [ParameterModule] public partial class Projection() : Module("projection")
        {
            [Axis] public int Out => 4;
            [Axis] public int In => 3;
            [Axis] public int Rest => 3;
            [Parameter("(q: out + k: out) in")]
            [FromCheckpoint("w", "(q: out + k: out + rest) in", Part = "q")]
            [FromCheckpoint({|LANY0016:"w"|}, "(rest + q: out + k: out) in", Part = "k")]
            public partial Parameter W { get; }
        }
        """);

    [Fact]
    public Task Stays_quiet_on_parts_of_one_tensor() => Verify.Analyzer<SharedSlotAnalyzer>(
        """
        [ParameterModule] public partial class Mla() : Module("mla")
        {
            [Axis] public int Heads => 4;
            [Axis] public int Nope => 3;
            [Axis] public int Value => 5;
            [Axis] public int Rank => 2;
            [Parameter("heads nope rank"), FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) rank")] public partial Parameter Key { get; }
            [Parameter("heads value rank"), FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) rank")] public partial Parameter Values { get; }
        }
        """);

    [Fact]
    public Task Stays_quiet_on_optional_parameters() => Verify.Analyzer<SharedSlotAnalyzer>(
        """
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            public bool IsWide => true;
            public bool IsNarrow => false;
            [Parameter("", When = nameof(IsWide)), FromCheckpoint("w", "")] public partial Parameter? Wide { get; }
            [Parameter("", When = nameof(IsNarrow)), FromCheckpoint("w", "")] public partial Parameter? Narrow { get; }
        }
        """);

    private static string Class(string first, string second) => $$"""
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int Out => 4;
            [Axis] public int In => 3;
            [Axis] public int Dim => 2;
            [Parameter("out in"), {{first}}] public partial Parameter First { get; }
            [Parameter("out in"), {{second}}] public partial Parameter Second { get; }
        }
        """;
}
