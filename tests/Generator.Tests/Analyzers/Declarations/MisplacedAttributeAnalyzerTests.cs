using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class MisplacedAttributeAnalyzerTests
{
    [Theory]
    [InlineData("[{|LANY0006:Parameter(\"\")|}, {|LANY0006:FromCheckpoint(\"w\", \"\")|}] public Parameter? W { get; set; }")]
    [InlineData("[{|LANY0006:Axis|}] public int A => 2;")]
    [InlineData("[{|LANY0006:Axis|}] private const int A = 2;")]
    [InlineData("[{|LANY0006:CheckpointName(\"l\")|}] public Linear L { get; } = Linear(2, 2);")]
    [InlineData("[{|LANY0006:PostLoad|}] private void Pad() { }")]
    public Task Fires_outside_of_annotated_classes(string member) => Verify.Analyzer<MisplacedAttributeAnalyzer>(
        $$"""public class Mlp() : Module("mlp") { {{member}} }""");

    [Fact]
    public Task Fires_on_a_class_that_is_not_annotated() => Verify.Analyzer<MisplacedAttributeAnalyzer>(
        """[{|LANY0006:Ignore("v.**")|}, {|LANY0006:CheckpointPrefix("m.")|}, {|LANY0006:CheckpointAlias("a", "b")|}] public class Model() : Module("model");""");

    [Theory]
    [InlineData("[{|LANY0006:FromCheckpoint(\"w\", \"\")|}] public Parameter? W { get; private set; }")]
    [InlineData("[Parameter(\"\"), FromCheckpoint(\"w\", \"\"), {|LANY0006:CheckpointName(\"w\")|}] public partial Parameter W { get; private set; }")]
    public Task Fires_on_the_wrong_member(string member) => Verify.Analyzer<MisplacedAttributeAnalyzer>(Class(member));

    [Fact]
    public Task Stays_quiet_where_attributes_belong() => Verify.Analyzer<MisplacedAttributeAnalyzer>(Class(
        """
        [Axis] private const int A = 2;
        [Parameter("a"), FromCheckpoint("w", "a"), Obsolete] public partial Parameter W { get; private set; }
        [CheckpointName("l")] public ModuleList<Module>? Layers { get; }
        [PostLoad] private void Pad() { }
        [PostLoad] private static void Report() { }
        [PostLoad] partial void Hook();
        partial void Hook() { }
        """));

    [Fact]
    public Task Stays_quiet_on_an_axis_that_a_base_class_needs() => Verify.Analyzer<MisplacedAttributeAnalyzer>("""
        public abstract class Between(string name) : Module(name) { public abstract int Size { get; } }
        [ParameterModule] public sealed partial class Scale() : Between("scale")
        {
            [Axis] public override int Size => 4;
            [Parameter("size"), FromCheckpoint("weight", "size")] public partial Parameter Weight { get; private set; }
        }
        """);

    private static string Class(string member) => $$"""
        [ParameterModule, Ignore("v.**"), CheckpointPrefix("m."), CheckpointAlias("a", "b")] public partial class Mlp() : Module("mlp")
        {
            {{member}}
        }
        """;
}
