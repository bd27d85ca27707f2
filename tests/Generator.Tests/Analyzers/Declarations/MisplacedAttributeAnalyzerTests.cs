using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Declarations;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class MisplacedAttributeAnalyzerTests
{
    [Theory]
    [InlineData("[{|LANY0006:Parameter(\"\")|}, FromCheckpoint(\"w\", \"\")] public Parameter? W { get; set; }")]
    [InlineData("[{|LANY0006:Axis|}] public int A => 2;")]
    [InlineData("[{|LANY0006:Axis|}] private const int A = 2;")]
    [InlineData("[{|LANY0006:CheckpointName(\"l\")|}] public Linear L { get; } = Linear(2, 2);")]
    [InlineData("[{|LANY0006:PostLoad|}] private void Pad() { }")]
    public Task Fires_outside_of_annotated_classes(string member) => Verify.Analyzer<MisplacedAttributeAnalyzer>(
        $$"""public class Mlp() : Module("mlp") { {{member}} }""");

    [Fact]
    public Task Fires_on_a_class_that_is_not_annotated() => Verify.Analyzer<MisplacedAttributeAnalyzer>(
        """[{|LANY0006:Ignore("v.**")|}, CheckpointPrefix("m."), CheckpointAlias("a", "b")] public class Model() : Module("model") { [Axis] public int A => 2; }""");

    [Theory]
    [InlineData("public sealed class Mlp() : Module(\"mlp\")", "[Axis] public int A => 2;", "[Axis] has no effect here: the generator does not read \"Mlp\"; add [ParameterModule] to it")]
    [InlineData("public class Mlp() : Module(\"mlp\")", "[Axis] public int A => 2; [PostLoad] void Run() { }", "[Axis] has no effect here, nor has another attribute of \"Mlp\": the generator does not read \"Mlp\"; add [ParameterModule] to it or, where a class that derives from it has that, declare the member there")]
    [InlineData("public class Mlp", "[Axis] public int A => 2;", "[Axis] has no effect here: the generator does not read \"Mlp\"; derive it from torch.nn.Module and add [ParameterModule]")]
    [InlineData("public struct Mlp", "[Parameter(\"\"), FromCheckpoint(\"w\", \"\")] public Parameter W { get; set; } [Axis] public int A => 2;", "[Parameter] has no effect here, nor have 2 more attributes of \"Mlp\": parameters belong to a class derived from torch.nn.Module, with [ParameterModule], and \"Mlp\" is none")]
    public async Task Says_once_for_each_class_what_to_do(string head, string members, string message)
    {
        var compilation = Harness.Compile($"{head} {{ {members} }}");
        var found = await compilation.WithAnalyzers([new MisplacedAttributeAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        Assert.Equal(message, Assert.Single(found).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public Task Fix_adds_the_attribute() => Verify.CodeFix<MisplacedAttributeAnalyzer, AddModuleAttributeFix>(
        """
        /// <summary>Scales.</summary>
        public partial class Mlp : Module
        {
            public Mlp() : base("mlp") => CreateParameters();

            [{|LANY0006:Axis|}] public int A => 2;

            [Parameter("a"), FromCheckpoint("w", "a")]
            public partial Parameter W { get; private set; }
        }
        """,
        """
        /// <summary>Scales.</summary>
        [ParameterModule]
        public partial class Mlp : Module
        {
            public Mlp() : base("mlp") => CreateParameters();

            [Axis] public int A => 2;

            [Parameter("a"), FromCheckpoint("w", "a")]
            public partial Parameter W { get; private set; }
        }
        """);

    [Theory]
    [InlineData("public partial class Mlp", "")]
    [InlineData("public class Mlp() : Module(\"mlp\")", "")]
    public Task Fix_is_not_offered_where_it_would_not_compile(string head, string after) => Verify.CodeFix<MisplacedAttributeAnalyzer, AddModuleAttributeFix>(
        $"{head} {{ [{{|LANY0006:Axis|}}] public int A => 2; }} {after}",
        $"{head} {{ [{{|LANY0006:Axis|}}] public int A => 2; }} {after}");

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
