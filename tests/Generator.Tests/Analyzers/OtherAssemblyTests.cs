using System.Collections.Immutable;
using Lanyard.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>The rules hold wherever an annotated class is used, not only where it is declared.</summary>
public sealed class OtherAssemblyTests
{
    [Theory]
    [InlineData("scale.Weight = new Parameter(torch.zeros(4));", "LANY0020")]
    [InlineData("scale.Weight.Dispose();", "LANY0032")]
    [InlineData("scale.Weight.set_(torch.zeros(4));", "LANY0023")]
    [InlineData("scale.register_parameter(\"x\", new Parameter(torch.zeros(4)));", "LANY0025")]
    [InlineData("_ = scale.Weight.shape;", null)]
    public async Task A_class_of_another_assembly_is_protected(string statement, string? id)
    {
        var library = Compile("Library", Layer.With(""), AuthorProject.References);
        var user = Compile("User", $"class Engine {{ void M(Scale scale) {{ {statement} }} }}", [.. AuthorProject.References, library.ToMetadataReference()]);
        using var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);

        // As a reference to an image, where only metadata is left of attributes.
        image.Position = 0;
        user = user.ReplaceReference(user.References.Last(), MetadataReference.CreateFromStream(image));
        ImmutableArray<DiagnosticAnalyzer> analyzers = [new AssignmentAnalyzer(), new OwnershipAnalyzer(), new InPlaceAnalyzer(), new RegistryAnalyzer()];
        var found = await user.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        Assert.Equal(id is null ? [] : [id], found.Select(diagnostic => diagnostic.Id).Distinct());
    }

    private static CSharpCompilation Compile(string name, string source, IEnumerable<MetadataReference> references)
    {
        Compilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source, AuthorProject.ParseOptions), CSharpSyntaxTree.ParseText(Verify.Usings, AuthorProject.ParseOptions)],
            references,
            AuthorProject.CompilationOptions);
        CSharpGeneratorDriver.Create([new ParameterModuleGenerator().AsSourceGenerator()], parseOptions: AuthorProject.ParseOptions).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        return (CSharpCompilation)compilation;
    }
}
