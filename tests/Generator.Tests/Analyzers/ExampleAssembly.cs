extern alias runtime;

using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>An example of a page, compiled with the generator and loaded into a context that goes with it.</summary>
internal sealed class ExampleAssembly : IDisposable
{
    private readonly AssemblyLoadContext _context = new(nameof(ExampleAssembly), isCollectible: true);
    private readonly Assembly _assembly;

    public ExampleAssembly(string example)
    {
        var options = RulePage.Options(example);
        Compilation compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(example, options, "Example.cs"), CSharpSyntaxTree.ParseText(Verify.Usings, options, "Usings.cs")],
            AuthorProject.References,
            AuthorProject.CompilationOptions);
        CSharpGeneratorDriver.Create([new ParameterModuleGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        _assembly = _context.LoadFromStream(image);
    }

    /// <summary>The annotated classes of which instances can be made.</summary>
    public IReadOnlyList<Type> Models => [.. _assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(runtime::Lanyard.IParameterModule).IsAssignableFrom(type) && Constructor(type) is not null)];

    /// <summary>Makes an instance.</summary>
    public static object Make(Type type, runtime::Lanyard.Topology topology)
    {
        var constructor = Constructor(type)!;
        return constructor.Invoke([.. constructor.GetParameters().Select((parameter, i) => parameter.ParameterType == typeof(runtime::Lanyard.Topology) ? topology : parameter.HasDefaultValue ? parameter.DefaultValue : Convert.ChangeType(4 + (2 * i), parameter.ParameterType, null))]);
    }

    public void Dispose() => _context.Unload();

    private static ConstructorInfo? Constructor(Type type) => type.GetConstructors()
        .FirstOrDefault(constructor => constructor.GetParameters().All(parameter => parameter.HasDefaultValue || parameter.ParameterType == typeof(runtime::Lanyard.Topology) || parameter.ParameterType == typeof(int) || parameter.ParameterType == typeof(long)));
}
