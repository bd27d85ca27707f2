using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Parsing;

/// <summary>The declarations of a member.</summary>
internal static class Parts
{
    /// <summary>Both of a partial member, of which the symbol of each part knows its own alone.</summary>
    public static ImmutableArray<SyntaxReference> Of(ISymbol member) => member switch
    {
        IMethodSymbol { PartialImplementationPart: { } other } => member.DeclaringSyntaxReferences.AddRange(other.DeclaringSyntaxReferences),
        IPropertySymbol { PartialImplementationPart: { } other } => member.DeclaringSyntaxReferences.AddRange(other.DeclaringSyntaxReferences),
        _ => member.DeclaringSyntaxReferences,
    };
}
