using System.Collections.Immutable;
using Lanyard.Generator.Analyzers.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>An error that protects an invariant stays, whatever a file or a project says.</summary>
public sealed class SuppressionTests
{
    private const string Unsafe = """
        [ParameterModule] public partial class Mlp() : Module("mlp")
        {
            [Axis] public int A => 2;
            [Parameter("a"), FromCheckpoint("w", "a")] public Parameter W { get; private set; } = null!;
        }
        """;

    [Theory]
    [InlineData("#pragma warning disable\n", "", ReportDiagnostic.Default)]
    [InlineData("#pragma warning disable LANY0003\n", "", ReportDiagnostic.Default)]
    [InlineData("", "#pragma warning restore\n", ReportDiagnostic.Suppress)]
    [InlineData("[System.Diagnostics.CodeAnalysis.SuppressMessage(\"Lanyard\", \"LANY0003\")] ", "", ReportDiagnostic.Default)]
    [InlineData("[assembly: System.Diagnostics.CodeAnalysis.SuppressMessage(\"Lanyard\", \"LANY0003:Any\", Scope = \"module\")] ", "", ReportDiagnostic.Default)]
    [InlineData("", "", ReportDiagnostic.Info)]
    public async Task An_error_cannot_be_switched_off(string before, string after, ReportDiagnostic setting)
    {
        var options = AuthorProject.CompilationOptions.WithSpecificDiagnosticOptions(ImmutableDictionary<string, ReportDiagnostic>.Empty.Add(PartialPropertyAnalyzer.Id, setting));
        var compilation = CSharpCompilation.Create(
            "Author",
            [CSharpSyntaxTree.ParseText(before + Unsafe + after, AuthorProject.ParseOptions), CSharpSyntaxTree.ParseText(Verify.Usings, AuthorProject.ParseOptions)],
            AuthorProject.References,
            options);
        var found = Assert.Single(await compilation.WithAnalyzers([new PartialPropertyAnalyzer()]).GetAnalyzerDiagnosticsAsync());
        Assert.Equal((PartialPropertyAnalyzer.Id, DiagnosticSeverity.Error, false), (found.Id, found.Severity, found.IsSuppressed));
    }
}
