using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>
/// Tells whether the name of an attribute means ours where it is written. In a file that begins with <c>using Lanyard;</c> it does unless
/// something nearer has the name; elsewhere the compiler is asked, once for each name and part of a class.
/// </summary>
internal sealed class ShortNames(Compilation compilation)
{
    // Kept, for the compiler takes some 20 µs to answer.
    private readonly Dictionary<(TypeDeclarationSyntax Part, string Name), bool> _ours = [];
    private readonly Dictionary<TypeDeclarationSyntax, List<INamespaceOrTypeSymbol>?> _nearer = [];

    /// <param name="part">The part of the class whose members have the attribute.</param>
    /// <param name="type">The class.</param>
    /// <param name="name">The whole name of the attribute's class.</param>
    public bool IsOurs(TypeDeclarationSyntax part, INamedTypeSymbol type, string name)
    {
        if (_ours.TryGetValue((part, name), out var isOurs)) return isOurs;
        if (!_nearer.TryGetValue(part, out var nearer)) _nearer.Add(part, nearer = IsImported(part) && !GlobalAliases.AreIn(compilation) ? [.. Around(type)] : null);
        isOurs = nearer is not null
            ? nearer.TrueForAll(scope => scope.GetTypeMembers(name).All(found => found.IsAttribute(name)))
            : compilation.GetSemanticModel(part.SyntaxTree).LookupNamespacesAndTypes(part.OpenBraceToken.Span.End, name: name) is [INamedTypeSymbol found] && found.IsAttribute(name);
        _ours.Add((part, name), isOurs);
        return isOurs;
    }

    private static bool IsImported(TypeDeclarationSyntax part)
    {
        foreach (var outer in part.Ancestors())
        {
            // Those are nearer than the usings of the file, and may give the name to another.
            if (outer is BaseNamespaceDeclarationSyntax { Usings.Count: > 0 }) return false;
            if (outer is CompilationUnitSyntax file) return file.Usings.Any(static import => import is { Alias: null, StaticKeyword.RawKind: 0, Name: IdentifierNameSyntax { Identifier.ValueText: "Lanyard" } }) && file.Usings.All(static import => import.Alias is null);
        }
        return false;
    }

    /// <summary>Where a name is looked for before it is in what the file imports.</summary>
    private IEnumerable<INamespaceOrTypeSymbol> Around(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? outer = type; outer is not null; outer = outer.ContainingType)
        {
            foreach (var owner in KnownTypes.BasesOf(outer).TakeWhile(static owner => !KnownTypes.IsTorchModule(owner))) yield return owner.OriginalDefinition;
        }
        for (INamespaceSymbol? space = type.ContainingNamespace; space is not null; space = space.ContainingNamespace)
        {
            if (compilation.GetCompilationNamespace(space) is { } whole) yield return whole;
        }
    }
}
