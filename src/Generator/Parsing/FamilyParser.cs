using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the root classes of model families.</summary>
internal static class FamilyParser
{
    private const string Family = "IModelFamily";

    /// <summary>Whether a class may be such a root, by its text.</summary>
    public static bool IsCandidate(SyntaxNode node) =>
        node is ClassDeclarationSyntax { BaseList.Types: var types } && types.Any(static type => NameOf(type.Type) == Family);

    /// <summary>How programs reach the class; null where it is no such root, or a file of its own assembly cannot name it.</summary>
    public static FamilyModel? Parse(GeneratorSyntaxContext context, CancellationToken cancel)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, cancel) is not INamedTypeSymbol { IsAbstract: false } type) return null;
        if (!type.Interfaces.Any(face => IsFamily(face) && SymbolEqualityComparer.Default.Equals(face.TypeArguments[0], type))) return null;
        var containers = ModuleParser.Containers(type).ToList();
        if (containers.Exists(static type => type.Arity > 0 || type.IsFileLocal || type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))) return null;
        return new(Identifiers.Reference(type, '<', '>'), containers.TrueForAll(static type => type.DeclaredAccessibility == Accessibility.Public));
    }

    private static string? NameOf(TypeSyntax type) => type switch
    {
        GenericNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax { Right: var name } => NameOf(name),
        AliasQualifiedNameSyntax { Name: var name } => NameOf(name),
        _ => null,
    };

    private static bool IsFamily(INamedTypeSymbol face) =>
        face is { Name: Family, Arity: 1, ContainingType: null, ContainingNamespace: { Name: "Lanyard", ContainingNamespace.IsGlobalNamespace: true } };
}
