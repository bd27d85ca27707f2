using System.Collections.Immutable;
using Lanyard.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Compares classes with lists by all rules that there are: what one finds, the others must not misunderstand.</summary>
internal static class Findings
{
    /// <summary>The file with the code.</summary>
    public const string Source = "Model.cs";

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(HelpLinks).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>All that rules find but what is no fault, in the order of files and places.</summary>
    /// <param name="code">The classes.</param>
    /// <param name="files">The project's files.</param>
    public static async Task<IReadOnlyList<Finding>> Of(string code, params (string Name, string Text)[] files) =>
        await Of(Compile(code), [.. files.Select(file => new TextFile(file.Name, file.Text))]);

    /// <summary>The same, of a compilation.</summary>
    /// <param name="compilation">The classes, with what is generated for them.</param>
    /// <param name="files">The project's files.</param>
    /// <param name="severity">From which severity on.</param>
    public static async Task<IReadOnlyList<Finding>> Of(Compilation compilation, ImmutableArray<AdditionalText> files, DiagnosticSeverity severity = DiagnosticSeverity.Warning)
    {
        var found = await compilation.WithAnalyzers(Analyzers, new AnalyzerOptions(files)).GetAnalyzerDiagnosticsAsync();
        return
        [
            .. from diagnostic in found
               where diagnostic.Severity >= severity
               let span = diagnostic.Location.GetLineSpan()
               orderby diagnostic.Id, span.Path, span.StartLinePosition, diagnostic.GetMessage(null)
               select new Finding(diagnostic.Id, Place(diagnostic.Location), Text(diagnostic.Location, files), diagnostic.GetMessage(null), [.. diagnostic.AdditionalLocations.Select(other => $"{Place(other)} {Text(other, files)}")]),
        ];
    }

    /// <summary>Compiles classes, which must be right but for the rules.</summary>
    public static Compilation Compile(string code, params IEnumerable<MetadataReference> references) => Compile([(Source, code)], references);

    /// <summary>The same of several files.</summary>
    public static Compilation Compile(IEnumerable<(string Path, string Text)> sources, params IEnumerable<MetadataReference> references)
    {
        Compilation compilation = CSharpCompilation.Create(
            "Author",
            [.. sources.Select(static source => CSharpSyntaxTree.ParseText(source.Text, AuthorProject.ParseOptions, source.Path)), CSharpSyntaxTree.ParseText(Verify.Usings, AuthorProject.ParseOptions, "Usings.cs")],
            [.. AuthorProject.References, .. references],
            AuthorProject.CompilationOptions);
        CSharpGeneratorDriver.Create([new ParameterModuleGenerator().AsSourceGenerator()], parseOptions: AuthorProject.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return compilation;
    }

    private static string Place(Location location)
    {
        var span = location.GetLineSpan();
        return $"{span.Path}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1})";
    }

    private static string Text(Location location, ImmutableArray<AdditionalText> files)
    {
        var text = location.SourceTree?.GetText() ?? files.Single(file => file.Path == location.GetLineSpan().Path).GetText()!;

        // A place is said by lines and by characters; both must be the same.
        Assert.Equal(text.Lines.GetLinePositionSpan(location.SourceSpan), location.GetLineSpan().Span);
        return text.ToString(location.SourceSpan);
    }
}
