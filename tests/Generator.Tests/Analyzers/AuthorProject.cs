extern alias runtime;

using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>The project of an author of models, as far as a compilation goes. Nothing is downloaded for it.</summary>
internal static class AuthorProject
{
    public const TestBehaviors Behaviors = TestBehaviors.SkipGeneratedSourcesCheck | TestBehaviors.SkipSuppressionCheck;

    public static ReferenceAssemblies Framework { get; } = new("net10.0");

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    public static CSharpCompilationOptions CompilationOptions { get; } =
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. Net100.References.All,
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(runtime::Lanyard.Topology).Assembly.Location),
    ];

    public static void Prepare(SolutionState state)
    {
        state.Sources.Add(("Usings.cs", Verify.Usings));
        state.AdditionalReferences.AddRange(References);
    }
}
