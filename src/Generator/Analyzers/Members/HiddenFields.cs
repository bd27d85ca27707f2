using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Members;

/// <summary>Finds the fields of a class of another assembly that a compilation does not show.</summary>
internal static class HiddenFields
{
    private static readonly ConditionalWeakTable<Compilation, Compilation> Whole = new();

    /// <summary>Its private fields; of an assembly that is there for reference alone, and has none, what may stand for them: the properties that hand something out.</summary>
    public static IEnumerable<(ISymbol Member, ITypeSymbol Type)> Of(INamedTypeSymbol type, Compilation compilation)
    {
        var definition = type.OriginalDefinition;
        if (!definition.DeclaringSyntaxReferences.IsEmpty || compilation.GetMetadataReference(definition.ContainingAssembly) is not { } reference) return [];
        if (definition.ContainingAssembly.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "ReferenceAssemblyAttribute"))
            return type.GetMembers().OfType<IPropertySymbol>().Where(static property => property is { IsStatic: false, IsAbstract: false, IsIndexer: false, GetMethod: not null }).Select(static property => ((ISymbol)property, property.Type));

        var whole = Whole.GetValue(compilation, static compilation => compilation.RemoveAllSyntaxTrees().WithOptions(compilation.Options.WithMetadataImportOptions(MetadataImportOptions.All)));
        return (whole.GetAssemblyOrModuleSymbol(reference) as IAssemblySymbol)?.GetTypeByMetadataName(MetadataName(definition)) is { } same
            ? same.GetMembers().OfType<IFieldSymbol>().Where(static field => field is { IsStatic: false, DeclaredAccessibility: Accessibility.Private or Accessibility.Internal }).Select(field => ((ISymbol)field, Filled(field.Type, type)))
            : [];
    }

    /// <summary>A type with the arguments of the class for its parameters; of an array the elements.</summary>
    private static ITypeSymbol Filled(ITypeSymbol type, INamedTypeSymbol owner) => type switch
    {
        ITypeParameterSymbol parameter when parameter.Ordinal < owner.TypeArguments.Length => owner.TypeArguments[parameter.Ordinal],
        IArrayTypeSymbol array => Filled(array.ElementType, owner),
        INamedTypeSymbol { IsGenericType: true, IsUnboundGenericType: false } generic => generic.ConstructedFrom.Construct([.. generic.TypeArguments.Select(argument => Filled(argument, owner))]),
        _ => type,
    };

    private static string MetadataName(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? $"{MetadataName(outer)}+{type.MetadataName}"
        : type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName : $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}";
}
