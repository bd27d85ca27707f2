using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Declarations;

namespace Lanyard.Generator.Tests.Analyzers.Declarations;

public sealed class PartialClassAnalyzerTests
{
    [Fact]
    public Task Fires_on_a_class() => Verify.Analyzer<PartialClassAnalyzer>(
        "[ParameterModule] public class {|LANY0001:Mlp|}() : Module(\"mlp\");", compiles: false);

    [Fact]
    public Task Fires_on_each_type_around_it() => Verify.Analyzer<PartialClassAnalyzer>(
        """
        public class {|LANY0001:Outer|}
        {
            public partial struct Middle
            {
                public interface {|LANY0001:Inner|}
                {
                    [ParameterModule] public partial class Mlp() : Module("mlp");
                }
            }
        }
        """, compiles: false);

    [Fact]
    public Task Fires_on_the_part_that_forgot() => Verify.Analyzer<PartialClassAnalyzer>(
        """
        [ParameterModule] public partial class Mlp() : Module("mlp");
        public class {|LANY0001:Mlp|};
        """, compiles: false);

    [Fact]
    public Task Stays_quiet_on_partial_classes() => Verify.Analyzer<PartialClassAnalyzer>(
        """
        public partial class Outer { [ParameterModule] public partial class Mlp() : Module("mlp"); }
        public class Plain() : Module("plain");
        """);

    [Theory]
    [InlineData("public ref struct {|LANY0001:Outer|}", "public ref partial struct Outer")]
    [InlineData("public readonly ref struct {|LANY0001:Outer|}", "public readonly ref partial struct Outer")]
    [InlineData("internal unsafe class {|LANY0001:Outer|}", "internal unsafe partial class Outer")]
    [InlineData("public sealed record {|LANY0001:Outer|}(int N)", "public sealed partial record Outer(int N)")]
    [InlineData("public readonly record struct {|LANY0001:Outer|}", "public readonly partial record struct Outer")]
    [InlineData("interface {|LANY0001:Outer|}<T>", "partial interface Outer<T>")]
    public Task Fix_adds_the_modifier_to_whatever_is_around(string before, string after) => Verify.CodeFix<PartialClassAnalyzer, MakePartialFix>(
        before + " { [ParameterModule] public partial class Mlp() : Module(\"mlp\"); }",
        after + " { [ParameterModule] public partial class Mlp() : Module(\"mlp\"); }",
        compiles: false);

    [Fact]
    public Task Fix_adds_the_modifier() => Verify.CodeFix<PartialClassAnalyzer, MakePartialFix>(
        """
        public static class {|LANY0001:Outer|}
        {
            /// <summary>A layer.</summary>
            [ParameterModule]
            public sealed class {|LANY0001:Mlp|}() : Module("mlp");
        }
        """,
        """
        public static partial class Outer
        {
            /// <summary>A layer.</summary>
            [ParameterModule]
            public sealed partial class Mlp() : Module("mlp");
        }
        """,
        compiles: false);
}
