using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Members;

/// <summary>Recognises modules that have weights or children and no map: TorchSharp's layers, and classes whose author forgot the attribute.</summary>
internal static class OtherModules
{
    // What has no parameters by its kind, or none of its own.
    private static readonly HashSet<string> Weightless = ["ParameterLessModule", "Loss", "Sequential", "ModuleList", "ModuleDict"];

    /// <summary>The layer of TorchSharp with weights that a type is or derives from; null where it is none.</summary>
    public static INamedTypeSymbol? Layer(ITypeSymbol type) => KnownTypes.IsModule(type)
        && KnownTypes.BasesOf(type).FirstOrDefault(IsLayer) is { } layer
        && !KnownTypes.BasesOf(layer).Any(static parent => KnownTypes.IsOfTorch(parent) && Weightless.Contains(parent.Name))
            ? layer
            : null;

    /// <summary>What a class of an author's without the attribute holds that a load would need a map for; null where it holds nothing of the kind, or has a map.</summary>
    public static ISymbol? Inside(ITypeSymbol type, Compilation compilation) => Inside(type, compilation, new(SymbolEqualityComparer.Default));

    private static ISymbol? Inside(ITypeSymbol type, Compilation compilation, HashSet<ITypeSymbol> seen)
    {
        if (type is not INamedTypeSymbol named || !KnownTypes.IsModule(named) || KnownTypes.IsOfTorch(named) || Annotated.IsModule(named) || !seen.Add(named)) return null;
        return KnownTypes.BasesOf(named)
            .TakeWhile(static owner => !KnownTypes.IsOfTorch(owner))
            .SelectMany(owner => Declared.StoredByBase(owner, compilation))
            .FirstOrDefault(stored => Held.Find(stored.Type, IsNeeded) is not null)
            .Member;

        bool? IsNeeded(ITypeSymbol inner) => KnownTypes.IsParameter(inner) || Annotated.IsModule(inner) || Layer(inner) is not null || Inside(inner, compilation, seen) is not null;
    }

    private static bool IsLayer(INamedTypeSymbol type) => KnownTypes.IsOfTorch(type) && !KnownTypes.IsTorchModule(type);
}
