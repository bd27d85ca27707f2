using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Architecture.Tests;

/// <summary>Compiles the files of a project, for who asks what their names mean.</summary>
internal static class ProjectCompilation
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    private static readonly (string Name, MetadataReference Reference)[] Assemblies =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(static path => (Path.GetFileNameWithoutExtension(path), (MetadataReference)MetadataReference.CreateFromFile(path))),
    ];

    /// <summary>The compilation, and the file of each tree; what generators wrote has none.</summary>
    public static (Compilation Compilation, IReadOnlyDictionary<SyntaxTree, SourceFile> Trees) Of(ProjectPlan plan, IReadOnlyList<SourceFile> files)
    {
        var trees = files.ToDictionary(file => CSharpSyntaxTree.ParseText(file.Text, ParseOptions, file.Path));
        Compilation compilation = CSharpCompilation.Create(
            plan.Namespace,
            trees.Keys.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, ParseOptions)),
            Assemblies.Where(assembly => IsReferenced(plan, assembly.Name)).Select(static assembly => assembly.Reference),
            // Without nullable analysis, which takes as long as all else and tells of no use.
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        CSharpGeneratorDriver.Create(plan.Generators.Select(GeneratorExtensions.AsSourceGenerator), parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        return (compilation, trees);
    }

    private static bool IsReferenced(ProjectPlan plan, string assembly) =>
        (assembly != "Lanyard" && !assembly.StartsWith("Lanyard.", StringComparison.Ordinal)) || plan.References.Contains(assembly);
}
