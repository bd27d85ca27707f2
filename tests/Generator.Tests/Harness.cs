extern alias models;
extern alias runtime;

using System.Collections.Immutable;
using System.Reflection;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Tests;

/// <summary>Runs the generator on sources, with what a user's project references.</summary>
internal static class Harness
{
    /// <summary>What a project with implicit usings has, and what authors of layers add.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using Lanyard;
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Author",
        sources.Prepend(Usings).Select((source, i) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"Source{i}.cs")),
        [
            .. Net100.References.All,
            MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(runtime::Lanyard.Topology).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(models::Lanyard.Models.Llama4.Llama4Config).Assembly.Location),
        ],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
            // TorchSharp is built for an older framework; builds suppress these by themselves.
            .WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]));

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new ParameterModuleGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator and returns what it wrote by file name, and everything that the compiler then says.</summary>
    public static (ImmutableDictionary<string, string> Files, ImmutableArray<Diagnostic> Diagnostics) Run(params string[] sources)
    {
        var result = Driver().RunGeneratorsAndUpdateCompilation(Compile(sources), out var compilation, out var reported).GetRunResult();
        Assert.Empty(reported);
        Assert.Null(result.Results.Single().Exception);
        var files = result.Results.Single().GeneratedSources.ToImmutableDictionary(source => source.HintName, source => source.SourceText.ToString());
        return (files, [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)]);
    }

    /// <summary>Runs the generator and demands that the whole compiles without a warning.</summary>
    public static ImmutableDictionary<string, string> Generate(params string[] sources)
    {
        var (files, diagnostics) = Run(sources);

        // The author's own members in these tests are not documented; generated ones must be.
        Assert.Empty(diagnostics.Where(diagnostic => diagnostic.Id != "CS1591" || diagnostic.Location.SourceTree!.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)));
        return files;
    }

    /// <summary>A folder that the project file names.</summary>
    public static string Folder(string name) => typeof(Harness).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
}
