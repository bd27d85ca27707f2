using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Follows code that is handed around as a value: what it uses, and where it goes.</summary>
internal static class Code
{
    // What takes code, and has run it or forgotten it when it returns.
    private static readonly HashSet<string> Immediate =
    [
        "System.Array", "System.Linq.Enumerable", "System.MemoryExtensions", "System.String", "System.Threading.Tasks.Parallel", "System.Collections.Generic.List<T>",
    ];

    /// <summary>Whether values of a type are code, hold some, or are what code elsewhere makes.</summary>
    public static bool IsCode(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => IsCode(array.ElementType),
        IFunctionPointerTypeSymbol => true,
        INamedTypeSymbol { TypeKind: TypeKind.Delegate } or { SpecialType: SpecialType.System_Delegate or SpecialType.System_MulticastDelegate } => true,
        INamedTypeSymbol { Name: "Lazy" or "ThreadLocal" or "Task" or "ValueTask", ContainingNamespace: { Name: "System" or "Threading" or "Tasks" } } => true,
        INamedTypeSymbol generic => generic.TypeArguments.Any(IsCode),
        _ => false,
    };

    /// <summary>Whether values of a type may be made when they are asked for, by code that waits till then.</summary>
    public static bool IsLazy(ITypeSymbol? type) => type is INamedTypeSymbol { TypeKind: TypeKind.Interface, Name: "IEnumerable" or "IEnumerator" or "IOrderedEnumerable" or "IAsyncEnumerable" };

    /// <summary>The members that a value's code uses; null among them where not all of it is known.</summary>
    public static IEnumerable<ISymbol?> UsedBy(IOperation value) => UsedBy(value, new(SymbolEqualityComparer.Default));

    /// <summary>Where code goes that may run, or run again, when what surrounds it is over; null where it stays.</summary>
    /// <param name="value">The code.</param>
    /// <param name="isFollowed">Whether a method is followed by itself.</param>
    public static string? Leaves(IOperation value, Func<IMethodSymbol, bool> isFollowed)
    {
        var isLazy = !IsCode(value.Type) && IsLazy(value.Type);
        for (var inner = value; inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case IEventAssignmentOperation { HandlerValue: var handler } raised when handler == inner:
                    return raised.Adds ? "is subscribed to an event" : null;
                case IAssignmentOperation assignment:
                    return assignment.Value == inner && IsKept(assignment.Target) ? "is kept" : null;
                case IArgumentOperation { Parent: IInvocationOperation call } when isFollowed(call.TargetMethod) || call.TargetMethod.MethodKind is MethodKind.LocalFunction or MethodKind.DelegateInvoke:
                    return null;
                case IArgumentOperation { Parent: IInvocationOperation call } argument when isLazy || IsImmediate(call.TargetMethod, argument):
                    if (!IsLazy(call.Type)) return null;
                    (outer, isLazy) = (call, true);
                    break;
                case IArgumentOperation { Parent: IInvocationOperation { Instance: { } list } call } argument when argument.Parameter?.OriginalDefinition.Type is ITypeParameterSymbol:
                    // An element of a list: it goes where the list goes.
                    if (Operation.Bare(list) is ILocalReferenceOperation) return null;
                    if (list is not IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }) return $"is handed to \"{call.TargetMethod.Name}\"";
                    outer = call;
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call }:
                    return $"is handed to \"{call.TargetMethod.Name}\"";
                case IArgumentOperation { Parent: IObjectCreationOperation { Type: { } created } }:
                    return isLazy ? null : $"is handed to \"{created.Name}\"";
                case IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation or ITupleOperation or IArrayInitializerOperation or IArrayCreationOperation
                    or ICollectionExpressionOperation or ISpreadOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation or IBinaryOperation
                    or IObjectOrCollectionInitializerOperation or IObjectCreationOperation:
                case IConditionalOperation choice when choice.Condition != inner:
                    break;
                default:
                    return null;
            }
        }
        return null;
    }

    private static bool IsKept(IOperation target) => target switch
    {
        IArrayElementReferenceOperation element => IsKept(element.ArrayReference),
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } => IsKept(list),
        ILocalReferenceOperation or IParameterReferenceOperation or IDiscardOperation => false,
        ITupleOperation tuple => tuple.Elements.Any(IsKept),
        IDeclarationExpressionOperation => false,
        _ => true,
    };

    private static bool IsImmediate(IMethodSymbol method, IArgumentOperation argument) =>
        argument.Parameter?.OriginalDefinition.Type.TypeKind is TypeKind.Delegate or TypeKind.Array
        && !method.Name.EndsWith("Async", StringComparison.Ordinal)
        && (Immediate.Contains(method.ContainingType.OriginalDefinition.ToDisplayString()) || method.Name == "WrappedTensorDisposeScope");

    private static IEnumerable<ISymbol?> UsedBy(IOperation value, HashSet<ISymbol> seen) => value.DescendantsAndSelf().SelectMany(operation => operation switch
    {
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } local } => UsedByLocal(operation, local, seen),
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } local } => UsedByLocal(operation, local, seen),
        IInvocationOperation call => [call.TargetMethod],
        IMethodReferenceOperation method => [method.Method],
        IPropertyReferenceOperation property => [property.Property],
        ILocalReferenceOperation local when IsCode(local.Type) || IsLazy(local.Type) => UsedByValues(local, seen),
        // Its own parameters come from whoever calls it.
        IParameterReferenceOperation { Parameter: var parameter } when IsCode(parameter.Type) && !IsWithin(value, parameter) => [null],
        _ => Enumerable.Empty<ISymbol?>(),
    });

    private static IEnumerable<ISymbol?> UsedByLocal(IOperation operation, IMethodSymbol local, HashSet<ISymbol> seen) => !seen.Add(local) ? [] : Operation.RootOf(operation).Descendants()
        .OfType<ILocalFunctionOperation>()
        .Where(function => SymbolEqualityComparer.Default.Equals(function.Symbol, local.OriginalDefinition))
        .SelectMany(function => UsedBy(function, seen));

    private static IEnumerable<ISymbol?> UsedByValues(ILocalReferenceOperation local, HashSet<ISymbol> seen)
    {
        if (!seen.Add(local.Local)) return [];
        var values = LocalValues.Anywhere(local).ToList();
        return values.Count == 0 ? [null] : values.SelectMany(value => value is null ? [null] : UsedBy(value, seen));
    }

    private static bool IsWithin(IOperation value, IParameterSymbol parameter) => parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction } owner
        && value.DescendantsAndSelf().Any(operation => (operation is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, owner))
            || (operation is ILocalFunctionOperation local && SymbolEqualityComparer.Default.Equals(local.Symbol, owner)));
}
