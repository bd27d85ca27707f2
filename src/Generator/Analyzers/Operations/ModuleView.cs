using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Recognises instances of annotated classes under another type: as <c>base</c>, converted, or in a local.</summary>
internal static class ModuleView
{
    private const int Deepest = 8;

    /// <summary>The annotated class that an operation is known to be an instance of; null where none is known.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="member">The member that it stands in.</param>
    public static ITypeSymbol? TypeOf(IOperation? operation, ISymbol member) => TypeOf(operation, member, Deepest);

    private static ITypeSymbol? TypeOf(IOperation? operation, ISymbol member, int depth)
    {
        if (depth == 0 || operation is null) return null;
        return Operation.Choices(operation).Select(choice => choice switch
        {
            { Type: { } type } when Annotated.IsModule(type) => type,
            _ when Operation.IsThis(choice) => Annotated.IsModule(member.ContainingType) ? member.ContainingType : null,
            ILocalReferenceOperation local => LocalValues.Anywhere(local).Select(value => TypeOf(value, member, depth - 1)).FirstOrDefault(static type => type is not null),
            _ => null,
        }).FirstOrDefault(static type => type is not null);
    }
}
