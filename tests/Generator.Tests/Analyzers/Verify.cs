using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>
/// Compiles code as an author's project would be, with the generator, TorchSharp and Lanyard, and compares what one analyzer reports
/// with the markup in the code: <c>{|LANY0001:Mlp|}</c>. The usual namespaces are imported by <see cref="Usings"/>.
/// </summary>
internal static class Verify
{
    /// <summary>What every file sees without saying so.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using Lanyard;
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        """;

    /// <summary>Runs one analyzer.</summary>
    /// <param name="source">The code, with markup.</param>
    /// <param name="compiles">Whether the code must compile besides: errors of the compiler need markup too. Otherwise they do not matter.</param>
    /// <param name="generates">Whether the generator runs.</param>
    public static Task Analyzer<TAnalyzer>(string source, bool compiles = true, bool generates = true)
        where TAnalyzer : DiagnosticAnalyzer, new() => new AnalyzerRun<TAnalyzer>(source, compiles, generates).RunAsync();

    /// <summary>Runs one analyzer over code and the project's <c>AdditionalFiles</c>, which may have markup too.</summary>
    /// <param name="source">The code, with markup.</param>
    /// <param name="files">The files.</param>
    public static Task Files<TAnalyzer>(string source, params (string Name, string Text)[] files)
        where TAnalyzer : DiagnosticAnalyzer, new()
    {
        var run = new AnalyzerRun<TAnalyzer>(source, compiles: true, generates: true);
        foreach (var (name, text) in files) run.TestState.AdditionalFiles.Add((name, text));
        return run.RunAsync();
    }

    /// <summary>Runs one analyzer and applies a fix until nothing more is reported.</summary>
    /// <param name="before">The code, with markup.</param>
    /// <param name="after">The code after the fix.</param>
    /// <param name="compiles">Whether the code before must compile but for the markup; the code after always must.</param>
    /// <param name="index">Which of the offered fixes.</param>
    public static Task CodeFix<TAnalyzer, TFix>(string before, string after, bool compiles = true, int? index = null)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new() => new CodeFixRun<TAnalyzer, TFix>(before, after, compiles) { CodeActionIndex = index }.RunAsync();

    /// <summary>The same of code and the project's <c>AdditionalFiles</c>.</summary>
    /// <param name="before">The code, with markup.</param>
    /// <param name="after">The code after the fix; that before it where none is offered.</param>
    /// <param name="files">The files.</param>
    public static Task CodeFix<TAnalyzer, TFix>(string before, string after, params (string Name, string Text)[] files)
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TFix : CodeFixProvider, new()
    {
        var run = new CodeFixRun<TAnalyzer, TFix>(before, after, compiles: true);
        foreach (var (name, text) in files) run.TestState.AdditionalFiles.Add((name, text));
        return run.RunAsync();
    }
}
