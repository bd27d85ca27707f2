using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Benchmarks;

/// <summary>The least that a generator for annotated classes can do: look the attribute up, read the name, write a line.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class FloorGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var names = context.SyntaxProvider.ForAttributeWithMetadataName("Lanyard.ParameterModuleAttribute", static (_, _) => true, static (context, _) => context.TargetSymbol.Name);
        context.RegisterSourceOutput(names, static (context, name) => context.AddSource(name + ".g.cs", $"// {name}"));
    }
}
