using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Members;

/// <summary>Recognises what an author annotated: modules, parameters and post-load methods, here or in another assembly.</summary>
internal static class Annotated
{
    /// <summary>Whether a property is declared as a parameter, here or in another assembly, by itself or by what it overrides.</summary>
    public static bool IsParameter(IPropertySymbol? property)
    {
        for (; property is not null; property = property.OverriddenProperty)
        {
            if (property.Attribute("ParameterAttribute") is not null || property.PartialDefinitionPart?.Attribute("ParameterAttribute") is not null) return true;
        }
        return false;
    }

    /// <summary>Whether a type, or one that it derives from, is annotated.</summary>
    public static bool IsModule(ITypeSymbol? type) => type is ITypeParameterSymbol parameter
        ? parameter.ConstraintTypes.Any(IsModule)
        : type is not null && KnownTypes.BasesOf(type).Any(static type => type.Attribute("ParameterModuleAttribute") is not null);

    /// <summary>Whether a method is a post-load method, or undoes one.</summary>
    public static bool IsPostLoad(ISymbol? symbol) => symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
        && (IsMarked(method) || (IsNameable(method) && method.ContainingType.GetMembers().Any(other => other.Attribute("PostLoadAttribute")?.Named("Undo") as string == method.Name)));

    // A name means the overload without arguments, where there is one.
    private static bool IsNameable(IMethodSymbol method) => method.Parameters.IsEmpty
        || !method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(static other => other.Parameters.IsEmpty);

    private static bool IsMarked(IMethodSymbol method) =>
        method.Attribute("PostLoadAttribute") is not null || method.PartialDefinitionPart?.Attribute("PostLoadAttribute") is not null;
}
