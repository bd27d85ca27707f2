using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>One run of an analyzer.</summary>
internal sealed class AnalyzerRun<TAnalyzer> : CSharpAnalyzerTest<TAnalyzer, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    private readonly bool _generates;

    public AnalyzerRun(string source, bool compiles, bool generates)
    {
        _generates = generates;
        TestCode = source;
        AuthorProject.Prepare(TestState);
        CompilerDiagnostics = compiles ? CompilerDiagnostics.Errors : CompilerDiagnostics.None;
        (ReferenceAssemblies, TestBehaviors) = (AuthorProject.Framework, AuthorProject.Behaviors);
    }

    public LanguageVersion Version { get; init; } = AuthorProject.ParseOptions.LanguageVersion;

    protected override IEnumerable<Type> GetSourceGenerators() => _generates ? [typeof(ParameterModuleGenerator)] : [];

    // Errors that cannot be suppressed have the compiler's tag, and are no errors of the compiler all the same.
    protected override bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics) =>
        diagnostic.Id.StartsWith("LANY", StringComparison.Ordinal) || base.IsCompilerDiagnosticIncluded(diagnostic, compilerDiagnostics);

    protected override ParseOptions CreateParseOptions() => AuthorProject.ParseOptions.WithLanguageVersion(Version);

    protected override CompilationOptions CreateCompilationOptions() => AuthorProject.CompilationOptions;
}
