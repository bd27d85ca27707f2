extern alias runtime;

using System.Reflection;
using System.Runtime.Loader;
using Lanyard.Generator.Tests.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using runtime::Lanyard;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>Classes of random families, compiled together and loaded into a context that goes with them.</summary>
internal sealed class CompiledFamilies : IDisposable
{
    private readonly AssemblyLoadContext _context = new(nameof(CompiledFamilies), isCollectible: true);

    public CompiledFamilies(IEnumerable<RandomFamily> families)
    {
        Compilation compilation = CSharpCompilation.Create(
            "Families",
            families.Select(static family => family.Source).Append(Verify.Usings + "\nglobal using System.Linq;").Select(static text => CSharpSyntaxTree.ParseText(text, AuthorProject.ParseOptions)),
            AuthorProject.References,
            AuthorProject.CompilationOptions);
        CSharpGeneratorDriver.Create([new ParameterModuleGenerator().AsSourceGenerator()], parseOptions: AuthorProject.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        image.Position = 0;
        Assembly = _context.LoadFromStream(image);
    }

    public Assembly Assembly { get; }

    /// <summary>Makes an instance.</summary>
    /// <param name="root">The class.</param>
    /// <param name="size">Its sizes.</param>
    public IParameterModule Make(RandomClass root, Func<string, int> size) => (IParameterModule)Activator.CreateInstance(Assembly.GetType(root.Name)!, size, "")!;

    public void Dispose() => _context.Unload();
}
