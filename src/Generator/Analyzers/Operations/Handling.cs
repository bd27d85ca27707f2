using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Follows an object that code makes: whether a method of it is called, or it goes where nobody sees what becomes of it.</summary>
/// <param name="ending">The method that has to be called.</param>
/// <param name="isReturnFollowed">Whether what a method returns is looked at where it is called, and nothing is known of it here.</param>
internal sealed class Handling(string ending, bool isReturnFollowed = false)
{
    private const int Deepest = 4;

    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);

    /// <summary>Whether the method is called on a value somewhere in the body, or may be elsewhere.</summary>
    public bool Ends(IOperation value)
    {
        for (var inner = value; inner.Parent is { } outer; inner = outer)
        {
            switch (outer)
            {
                case IConversionOperation or IParenthesizedOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation:
                case IConditionalOperation choice when choice.Condition != inner:
                case IConditionalAccessOperation access when access.WhenNotNull == inner:
                    break;
                case IConditionalAccessOperation access:
                    return access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>().Any(instance => instance.Parent is not null && Ends(instance));
                case IReturnOperation when isReturnFollowed:
                    return false;
                case IExpressionStatementOperation or IUsingOperation or IBinaryOperation or IIsTypeOperation or INameOfOperation or IInterpolationOperation:
                    return false;
                case IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation { Pattern: IConstantPatternOperation } }:
                    return false;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: { RefKind: RefKind.None } local } }:
                    return Ends(local, value);
                case IVariableInitializerOperation { Parent: IVariableDeclarationOperation { Declarators: [{ Symbol: { RefKind: RefKind.None } local }] } }:
                    return Ends(local, value);
                case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment when assignment.Value == inner:
                    // An assignment has a value of its own, that may be used.
                    return Ends(local, value) || (outer.Parent is not (IExpressionStatementOperation or null) && Ends(outer));
                case ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Field: { DeclaredAccessibility: Accessibility.Private } field } } assignment when assignment.Value == inner:
                    return Ends(field, value) || (outer.Parent is not (IExpressionStatementOperation or null) && Ends(outer));
                case ISimpleAssignmentOperation { Target: IDiscardOperation }:
                    return false;
                case IInvocationOperation call when call.Instance == inner:
                    return call.TargetMethod.Name == ending;
                case IPropertyReferenceOperation property when property.Instance == inner:
                    return false;
                case IArgumentOperation { Parameter: { RefKind: RefKind.None } parameter, Parent: IInvocationOperation { TargetMethod: var method } call }:
                    return call.Instance is null && method.IsExtensionMethod && method.Name == ending || Ends(method, parameter, value);
                default:
                    return true;
            }
        }
        return true;
    }

    /// <summary>Whether a call makes such an object: by itself, or by a method of this compilation that returns one on which the method was not called.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isMaker">Whether a method makes one by itself.</param>
    /// <param name="ending">The method that has to be called.</param>
    public static bool IsMade(IInvocationOperation call, Func<IMethodSymbol, bool> isMaker, string ending) => IsMade(call, isMaker, ending, Deepest);

    private static bool IsMade(IInvocationOperation call, Func<IMethodSymbol, bool> isMaker, string ending, int depth) => isMaker(call.TargetMethod)
        || (depth > 0 && MethodFlow.IsSeen(call.TargetMethod) && MethodFlow.Results(call.TargetMethod, null, [], call, new()).Any(result =>
            result.Source is IInvocationOperation inner && IsMade(inner, isMaker, ending, depth - 1) && !new Handling(ending, isReturnFollowed: true).Ends(inner)));

    private bool Ends(ILocalSymbol local, IOperation value) => !_seen.Add(local) || Uses(Operation.RootOf(value), local).Any(use => !IsNeverRun(use) && Ends(use));

    /// <summary>What the type of a field that only it sees does with what is in it.</summary>
    private bool Ends(IFieldSymbol field, IOperation site) =>
        site.SemanticModel is not { } model || !_seen.Add(field.OriginalDefinition) || Methods(field.ContainingType.OriginalDefinition)
            .SelectMany(method => MethodFlow.BodiesOf(method, model))
            .SelectMany(static body => body.DescendantsAndSelf())
            .Any(operation => operation is IFieldReferenceOperation use && SymbolEqualityComparer.Default.Equals(use.Field.OriginalDefinition, field.OriginalDefinition)
                && !(use.Parent is IAssignmentOperation assignment && assignment.Target == use) && Ends(use));

    private static IEnumerable<IMethodSymbol> Methods(INamedTypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>().Concat(type.GetTypeMembers().SelectMany(Methods));

    /// <summary>Whether a use stands in a lambda or a function that nothing in the body calls or hands on.</summary>
    private static bool IsNeverRun(IOperation use)
    {
        for (var outer = use.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case ILocalFunctionOperation { Symbol: var function } when !Operation.RootOf(outer).DescendantsAndSelf().Any(operation => operation switch
                {
                    IInvocationOperation call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, function),
                    IMethodReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, function),
                    _ => false,
                }):
                    return true;
                case IAnonymousFunctionOperation { Parent: IDelegateCreationOperation { Parent: IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } } } when !Uses(Operation.RootOf(outer), local).Any():
                    return true;
            }
        }
        return false;
    }

    /// <summary>What a method of this compilation does with its argument; of any other nobody knows.</summary>
    private bool Ends(IMethodSymbol method, IParameterSymbol parameter, IOperation site)
    {
        if (!MethodFlow.IsSeen(method) || site.SemanticModel is not { } model) return true;
        var argument = parameter.OriginalDefinition;
        return !_seen.Add(argument) || MethodFlow.BodiesOf(method, model).Any(body => Uses(body, argument).Any(Ends));
    }

    private static IEnumerable<IOperation> Uses(IOperation body, ISymbol variable) => body.DescendantsAndSelf().Where(operation =>
        SymbolEqualityComparer.Default.Equals(LocalValues.Variable(operation)?.OriginalDefinition, variable.OriginalDefinition)
        && !(operation.Parent is ISimpleAssignmentOperation assignment && assignment.Target == operation));
}
