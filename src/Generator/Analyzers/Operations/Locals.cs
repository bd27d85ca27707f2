using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Finds what locals may hold.</summary>
internal static class Locals
{
    /// <summary>What a local is declared with, tested for, assigned or filled with, wherever in the member that is.</summary>
    public static IEnumerable<IOperation> ValuesOf(ILocalReferenceOperation reference)
    {
        return RootOf(reference).Descendants().SelectMany(operation => operation switch
        {
            IVariableDeclaratorOperation { Initializer.Value: var value } declarator when IsSame(declarator.Symbol) => [value],
            IAssignmentOperation { Target: var target, Value: var value } when IsLocal(target) => [value],
            IIsPatternOperation { Pattern: IDeclarationPatternOperation { DeclaredSymbol: { } declared }, Value: var value } when IsSame(declared) => [value],
            IInvocationOperation { Instance: { } list } call when IsLocal(list) => call.Arguments.Select(static argument => argument.Value),
            _ => Enumerable.Empty<IOperation>(),
        });

        bool IsLocal(IOperation target) => Operation.Bare(target) switch
        {
            ILocalReferenceOperation local => IsSame(local.Local),
            IArrayElementReferenceOperation element => IsLocal(element.ArrayReference),
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } => IsLocal(list),
            _ => false,
        };

        bool IsSame(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol, reference.Local);
    }

    /// <summary>The whole body that an operation stands in.</summary>
    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } outer) operation = outer;
        return operation;
    }
}
