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
        ISimpleAssignmentOperation chained => Choices(chained.Value).Append(chained.Target),
        { } bare => [bare],
        null => [],
    };

    /// <summary>What a call is about: its instance, or the first argument of a static method.</summary>
    public static IOperation? Receiver(IInvocationOperation call) =>
        call.Instance ?? call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value;

    /// <summary>Whether an operation stands in a lambda or a local function, which may run at another time.</summary>
    public static bool IsDeferred(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }
        return false;
    }

    /// <summary>Whether an operation stands in <c>nameof</c>, which evaluates nothing.</summary>
    public static bool IsNamed(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is INameOfOperation) return true;
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
