using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Members;

/// <summary>What values of a type hold: themselves, as their elements, or in the fields of a structure.</summary>
internal static class Held
{
    /// <summary>Whether values of a type hold what is meant.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isMeant">Says of a type whether it is meant; null where it is not, and nothing in it is either.</param>
    public static bool Holds(ITypeSymbol? type, Func<ITypeSymbol, bool?> isMeant) => Find(type, isMeant) is not null;

    /// <summary>The first type that is meant among those that values of a type hold; null where there is none.</summary>
    public static ITypeSymbol? Find(ITypeSymbol? type, Func<ITypeSymbol, bool?> isMeant) => type is null ? null : Find(type, isMeant, new(SymbolEqualityComparer.Default));

    private static ITypeSymbol? Find(ITypeSymbol type, Func<ITypeSymbol, bool?> isMeant, HashSet<ITypeSymbol> seen)
    {
        if (type.TypeKind == TypeKind.Delegate || !seen.Add(type) || isMeant(type) is not { } meant) return null;
        return meant ? type : InsideOf(type).Select(inner => Find(inner, isMeant, seen)).FirstOrDefault(static found => found is not null);
    }

    private static IEnumerable<ITypeSymbol> InsideOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => [array.ElementType],
        ITypeParameterSymbol parameter => parameter.ConstraintTypes,
        INamedTypeSymbol named =>
        [
            .. KnownTypes.BasesOf(named).SelectMany(static owner => owner.TypeArguments),
            .. named.AllInterfaces.Where(static list => list.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T).Select(static list => list.TypeArguments[0]),
            .. named.TypeKind == TypeKind.Struct ? named.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic).Select(static field => field.Type) : [],
        ],
        _ => [],
    };
}
