using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Spelling;

/// <summary>Spells names so that they are identifiers again.</summary>
public static class Identifiers
{
    /// <summary>The name as code writes it: <c>@class</c>.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    internal static string Namespace(INamespaceSymbol space) => space.IsGlobalNamespace
        ? ""
        : Namespace(space.ContainingNamespace) is { Length: > 0 } outer ? outer + "." + Escape(space.Name) : Escape(space.Name);

    /// <summary>A class from anywhere, its type parameters between the given brackets.</summary>
    internal static string Reference(INamedTypeSymbol type, char open, char close)
    {
        var outer = type.ContainingType is { } container
            ? Reference(container, open, close)
            : Namespace(type.ContainingNamespace) is { Length: > 0 } space ? "global::" + space : "global:";
        return outer + (outer == "global:" ? ":" : ".") + Declared(type, open, close);
    }

    /// <summary>A type's own name with its type parameters.</summary>
    internal static string Declared(INamedTypeSymbol type, char open = '<', char close = '>') => type.Arity == 0
        ? Escape(type.Name)
        : Escape(type.Name) + open + string.Join(", ", type.TypeParameters.Select(parameter => Escape(parameter.Name))) + close;

    /// <summary>A class as metadata spells it.</summary>
    internal static string Metadata(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? Metadata(outer) + "+" + type.MetadataName
        : type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName : type.ContainingNamespace.ToDisplayString().Replace("@", "") + "." + type.MetadataName;
}
