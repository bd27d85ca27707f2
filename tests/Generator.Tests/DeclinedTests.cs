using System.Collections.Immutable;
using Lanyard.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Tests;

/// <summary>Of what the generator declines the rules are heard: the compiler stops before it asks them, where a declaration has an error.</summary>
public sealed class DeclinedTests
{
    private const string Marked = """[Axis] public int N => 2; [Parameter("n"), FromCheckpoint("w", "n")]""";

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(HelpLinks).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    [Theory]
    [InlineData("LANY0006", $"public partial class A : Module {{ public A() : base(\"a\") => CreateParameters(); {Marked} public partial Parameter W {{ get; private set; }} }}")]
    [InlineData("LANY0006", $"abstract partial class A() : Module(\"a\") {{ {Marked} protected internal virtual required partial Parameter? W {{ get; init; }} }}")]
    [InlineData("LANY0006", $"partial class A : Module {{ A() : base(\"a\") => CreateParameters(torch.CPU); {Marked} public partial Parameter W {{ get; }} [FromCheckpoint(\"b\", \"n\")] private partial Parameter B {{ get; set; }} public partial Parameter C {{ get; set; }} }}")]
    [InlineData("LANY0006", "partial class A() : Module(\"a\") { [FromCheckpoint(\"w\", \"\")] public partial Parameter W { get; } }")]
    [InlineData("LANY0006", $"namespace X.@new; partial class G<T> where T : Module {{ partial interface I {{ partial class A<U>() : Module(\"a\") where U : class {{ {Marked} public partial Parameter @event {{ get; private set; }} }} }} }}")]
    [InlineData("LANY0006", "partial struct S { [Parameter(\"\")] public partial Parameter W { get; set; } }")]
    [InlineData("LANY0006", "partial interface I { [Parameter(\"\")] partial Parameter W { get; set; } }")]
    [InlineData("LANY0006", $"[ParameterModule] partial class A() : Module(\"a\") {{ [Axis] public int N => 2; [FromCheckpoint(\"w\", \"n\")] public partial Parameter W {{ get; private set; }} }}")]
    [InlineData("LANY0002", $"[ParameterModule] partial class A {{ public A() => CreateParameters(); {Marked} public partial Parameter W {{ get; private set; }} }}")]
    [InlineData("LANY0002", "[ParameterModule] partial record A { [Parameter(\"\"), FromCheckpoint(\"w\", \"\")] public partial Parameter W { get; private set; } }")]
    [InlineData("LANY0002", "[ParameterModule] static partial class A { [Axis] public static int N => 2; [Parameter(\"n\"), FromCheckpoint(\"w\", \"n\")] public static partial Parameter W { get; private set; } }")]
    [InlineData("LANY0004", "[ParameterModule] partial class A() : Module(\"a\") { [Axis] public int N => 2; [Parameter(\"n\"), FromCheckpoint(\"w\", \"n\")] public partial Tensor W { get; private set; } }")]
    [InlineData("LANY0004", "[ParameterModule] partial class A() : Module(\"a\") { [Parameter(\"\"), FromCheckpoint(\"w\", \"\")] public partial Dictionary<string, (Tensor?, int[])>? W { get; private set; } }")]
    [InlineData("LANY0003", $"[ParameterModule] partial class A() : Module(\"a\") {{ {Marked} public static partial Parameter W {{ get; private set; }} }}")]
    [InlineData("LANY0003", $"[ParameterModule] partial class A() : Module(\"a\") {{ {Marked} public partial Parameter W {{ set; }} }}")]
    [InlineData("LANY0003", $"[ParameterModule] partial class A() : Module(\"a\") {{ {Marked} public partial Parameter this[int i, params string[] names] {{ get; private set; }} }}")]
    [InlineData("LANY0003", $"[ParameterModule] partial class A() : Module(\"a\") {{ {Marked} public partial ref readonly Parameter W {{ get; }} }}")]
    [InlineData("LANY0003", $"[ParameterModule] partial class A() : Module(\"a\") {{ {Marked} public partial Parameter W {{ get; private set; }} = new(zeros(2), false); }}")]
    [InlineData("LANY0003", $"[ParameterModule] partial class A() : Module(\"a\") {{ {Marked} public partial Parameter W {{ get; private set; }} public partial Parameter V {{ get; private set; }} }}")]
    [InlineData("LANY0015", $"[ParameterModule] partial class A : Module {{ public A() : base(\"a\") => CreateParameters(); {Marked} public partial Parameter W {{ get; private set; }} public int Map => 2; }}")]
    [InlineData("LANY0015", $"[ParameterModule] partial class A : Module {{ public A() : base(\"a\") => CreateParameters(); {Marked} public partial Parameter Module {{ get; private set; }} }}")]
    [InlineData("LANY0015", "[ParameterModule] partial class Parameters() : Module(\"a\");")]
    [InlineData("LANY0015", "[ParameterModule] partial class A<Map>() : Module(\"a\");")]
    [InlineData("LANY0015", "[ParameterModule] partial class A() : Module(\"a\") { void CreateParameters(Topology? topology, ScalarType? type, Device? device) { } int CreateParameters() => 1; }")]
    [InlineData("LANY0025", $"[ParameterModule] partial class A : Module {{ public A() : base(\"a\") => CreateParameters(); {Marked} public partial Parameter W {{ get; private set; }} protected override void RegisterComponents() {{ }} }}")]
    [InlineData("LANY0025", "[ParameterModule] partial class A() : Module(\"a\") { public override Module load(System.IO.BinaryReader reader, bool strict, IList<string>? skip, Dictionary<string, bool>? loadedParameters) => this; }")]
    public async Task The_rule_is_heard(string rule, string source)
    {
        Harness.Driver().RunGeneratorsAndUpdateCompilation(Harness.Compile(source), out var compilation, out var reported);
        Assert.Empty(reported);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true));
        var found = await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync();
        Assert.Contains(rule, found.Select(diagnostic => diagnostic.Id));
        Assert.DoesNotContain("AD0001", found.Select(diagnostic => diagnostic.Id));
        Assert.DoesNotContain("LANY0018", found.Select(diagnostic => diagnostic.Id));
        Assert.All(found, diagnostic => Assert.False(diagnostic.Location.SourceTree!.FilePath.EndsWith(".g.cs", StringComparison.Ordinal), $"{diagnostic}"));
    }

    [Theory]
    [InlineData("public partial class A : Module { public A() : base(\"a\") { } partial Parameter W { get; } partial Parameter W => null!; [Parameter(\"\")] partial Parameter V { get; } partial Parameter V { get => null!; } }")]
    [InlineData("public partial class A { public partial int N { get; } }")]
    [InlineData("public partial class A { [Obsolete] public partial Parameter W { get; } }")]
    [InlineData("public class A { [Parameter(\"\")] public partial Parameter W { get; } }")]
    [InlineData("public class Outer { public partial class A { [Parameter(\"\")] public partial Parameter W { get; } } }")]
    [InlineData("file partial class A { [Parameter(\"\")] public partial Parameter W { get; } }")]
    [InlineData("public partial class A { [Parameter(\"\")] public partial Missing W { get; } }")]
    public void Nothing_is_written_for_what_is_not_ours_or_cannot_have_another_half(string source) => Assert.Empty(Harness.Run(source).Files);

    [Fact]
    public void It_throws_and_names_the_rule() => Assert.Equal(
        """
        // <auto-generated/>
        #nullable enable

        namespace Models;

        partial class A
        {
            public partial global::TorchSharp.Modules.Parameter W
            {
                get
                {
                    throw new global::System.InvalidOperationException("LANY0006: \"A.W\" has no implementation. The rule says why, where analyzers run.");
                }
                private set
                {
                    throw new global::System.InvalidOperationException("LANY0006: \"A.W\" has no implementation. The rule says why, where analyzers run.");
                }
            }
            private void CreateParameters(params object?[] arguments)
            {
                throw new global::System.InvalidOperationException("Nothing was generated for this class. A rule says why, where analyzers run.");
            }
        }

        """.ReplaceLineEndings("\n"),
        Assert.Single(Harness.Run($"namespace Models; partial class A() : Module(\"a\") {{ {Marked} public partial Parameter W {{ get; private set; }} }}").Files).Value);

    [Fact]
    public void Names_that_differ_in_case_alone_and_parts_in_several_files_are_a_file_each_class()
    {
        var files = Harness.Run(
            "partial class Ab() : Module(\"a\") { [Parameter(\"\")] public partial Parameter W { get; } }",
            "partial class Ab { [Parameter(\"\")] public partial Parameter V { get; } }",
            "partial class aB() : Module(\"a\") { [Parameter(\"\")] public partial Parameter W { get; } }").Files;
        Assert.Equal(2, files.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Single(files.Values, text => text.Contains("partial class Ab\n", StringComparison.Ordinal) && text.Contains(" W", StringComparison.Ordinal) && text.Contains(" V", StringComparison.Ordinal));
    }
}
