using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>One run of an analyzer and a fix.</summary>
internal sealed class CodeFixRun<TAnalyzer, TFix> : CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    public CodeFixRun(string before, string after, bool compiles)
    {
        (TestCode, FixedCode) = (before, after);
        AuthorProject.Prepare(TestState);
        AuthorProject.Prepare(FixedState);
        CompilerDiagnostics = compiles ? CompilerDiagnostics.Errors : CompilerDiagnostics.None;
        (ReferenceAssemblies, TestBehaviors) = (AuthorProject.Framework, AuthorProject.Behaviors);
        // A fix says nothing about trivia but what the formatter makes of it.
        CodeActionValidationMode = CodeActionValidationMode.None;
    }

    protected override IEnumerable<Type> GetSourceGenerators() => [typeof(ParameterModuleGenerator)];

    // Errors that cannot be suppressed have the compiler's tag, and are no errors of the compiler all the same.
    protected override bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics) =>
        diagnostic.Id.StartsWith("LANY", StringComparison.Ordinal) || base.IsCompilerDiagnosticIncluded(diagnostic, compilerDiagnostics);

    protected override ParseOptions CreateParseOptions() => AuthorProject.ParseOptions;

    protected override CompilationOptions CreateCompilationOptions() => AuthorProject.CompilationOptions;
}
