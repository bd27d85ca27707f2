using System.Collections.Immutable;
using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>A value that an instance is given to keep.</summary>
/// <param name="Member">The field or automatic property.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">The value.</param>
internal sealed record Kept(ISymbol Member, ITypeSymbol Type, IOperation Value)
{
    /// <summary>The operations that give something.</summary>
    public static ImmutableArray<OperationKind> Kinds { get; } =
        [OperationKind.SimpleAssignment, OperationKind.CoalesceAssignment, OperationKind.CompoundAssignment, OperationKind.FieldInitializer, OperationKind.PropertyInitializer];

    /// <summary>Finds what an operation gives to the instance that it belongs to.</summary>
    public static IEnumerable<Kept> In(IOperation operation) => operation switch
    {
        IFieldInitializerOperation { Value: var value } given => given.InitializedFields.Where(static field => !field.IsStatic).Select(field => new Kept(field, field.Type, value)),
        IPropertyInitializerOperation { Value: var value } given => given.InitializedProperties.Where(static property => !property.IsStatic).Select(property => new Kept(property, property.Type, value)),
        IAssignmentOperation { Target: IFieldReferenceOperation { Field: var field, Instance: var owner }, Value: var value } when Operation.IsThis(owner) => [new Kept(field.AssociatedSymbol ?? field, field.Type, value)],
        IAssignmentOperation { Target: IPropertyReferenceOperation { Property: var property, Instance: var owner }, Value: var value } when Operation.IsThis(owner) && IsStored(property) => [new Kept(property, property.Type, value)],
        _ => [],
    };

    /// <summary>The values one by one, whichever is chosen, and the elements of lists.</summary>
    public IEnumerable<IOperation> Values() => Values(Value);

    private static IEnumerable<IOperation> Values(IOperation value) => Operation.Choices(value).SelectMany(static choice => choice switch
    {
        IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues.SelectMany(Values),
        ICollectionExpressionOperation collection => collection.Elements.SelectMany(Values),
        ITupleOperation tuple => tuple.Elements.SelectMany(Values),
        IDelegateCreationOperation code => [code.Target],
        _ => [choice],
    });

    private static bool IsStored(IPropertySymbol property) =>
        Declared.Stored(property.OriginalDefinition.ContainingType).Any(stored => SymbolEqualityComparer.Default.Equals(stored.Member, property.OriginalDefinition));
}
