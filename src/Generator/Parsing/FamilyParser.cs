using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads whether an annotated class is the root of a model family.</summary>
internal static class FamilyParser
{
    /// <summary>How programs reach the class; null where it is no such root, or a file of its own assembly cannot name it.</summary>
    public static FamilyModel? Parse(INamedTypeSymbol type)
    {
        if (type.IsAbstract || !type.Interfaces.Any(face => IsFamily(face) && SymbolEqualityComparer.Default.Equals(face.TypeArguments[0], type))) return null;
        var containers = ModuleParser.Containers(type).ToList();
        if (containers.Exists(static type => type.Arity > 0 || type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))) return null;
        return new(Identifiers.Reference(type, '<', '>'), containers.TrueForAll(static type => type.DeclaredAccessibility == Accessibility.Public));
    }

    private static bool IsFamily(INamedTypeSymbol face) =>
        face is { Name: "IModelFamily", Arity: 1, ContainingType: null, ContainingNamespace: { Name: "Lanyard", ContainingNamespace.IsGlobalNamespace: true } };
}
