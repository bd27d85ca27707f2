using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Reads operations, whatever they are about.</summary>
internal static class Operation
{
    /// <summary>An operation without the parentheses, conversions and <c>?.</c> around it.</summary>
    public static IOperation? Bare(IOperation? operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation inner:
                    operation = inner.Operand;
                    break;
                case IConditionalAccessInstanceOperation:
                    operation = Accessed(operation);
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>What an expression may come to, whichever way it chooses.</summary>
    public static IEnumerable<IOperation> Choices(IOperation value) => Bare(value) switch
    {
        IConditionalOperation { WhenFalse: { } other } choice => Choices(choice.WhenTrue).Concat(Choices(other)),
        ICoalesceOperation choice => Choices(choice.Value).Concat(Choices(choice.WhenNull)),
        ISwitchExpressionOperation choice => choice.Arms.SelectMany(static arm => Choices(arm.Value)),
        ISimpleAssignmentOperation chained => Parameter(chained.Target) is { } stored ? [stored] : Choices(chained.Value),
        { } bare => [bare],
        null => [],
    };

    /// <summary>The parameter that an operation names, through parentheses, conversions, <c>?.</c> and null-forgiveness; null where it names none.</summary>
    public static IPropertyReferenceOperation? Parameter(IOperation? operation) =>
        Bare(operation) is IPropertyReferenceOperation reference && Annotated.IsParameter(reference.Property) ? reference : null;

    /// <summary>What a call is about: its instance, or the first argument of a static method.</summary>
    public static IOperation? Receiver(IInvocationOperation call) =>
        call.Instance ?? call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value;

    /// <summary>Whether an operation stands in a lambda or a local function, which may run at another time.</summary>
    public static bool IsDeferred(IOperation operation) => FunctionOf(operation) is not null;

    /// <summary>The lambda or local function that an operation stands in; null where it stands in the body of a member itself.</summary>
    public static IOperation? FunctionOf(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) return outer;
        }
        return null;
    }

    /// <summary>Whether an operation stands in <c>nameof</c> or in an expression tree, which evaluate nothing.</summary>
    public static bool IsNamed(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is INameOfOperation or IConversionOperation { Operand: IAnonymousFunctionOperation, Type: { Name: "Expression" or "LambdaExpression", ContainingNamespace.Name: "Expressions" } }) return true;
        }
        return false;
    }

    /// <summary>What an operation assigns to: the elements of a tuple one by one.</summary>
    public static IEnumerable<IOperation> Targets(IOperation operation) => operation switch
    {
        IDeconstructionAssignmentOperation deconstruction => Elements(deconstruction.Target),
        IAssignmentOperation assignment => [assignment.Target],
        IIncrementOrDecrementOperation step => [step.Target],
        _ => [],
    };

    /// <summary>The whole body that an operation stands in.</summary>
    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } outer) operation = outer;
        return operation;
    }

    /// <summary>Whether an operation names the instance whose member it stands in.</summary>
    public static bool IsThis(IOperation? operation) => operation is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    private static IEnumerable<IOperation> Elements(IOperation target) =>
        target is ITupleOperation tuple ? tuple.Elements.SelectMany(Elements) : [target];

    private static IOperation? Accessed(IOperation instance)
    {
        var inner = instance;
        for (var outer = inner.Parent; outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            if (outer is IConditionalAccessOperation access && access.WhenNotNull == inner) return access.Operation;
        }
        return null;
    }
}
