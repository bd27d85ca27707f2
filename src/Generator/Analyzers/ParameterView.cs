using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>Recognises tensors over the memory of a parameter: the parameter itself, views of it, and locals that stand for either.</summary>
internal static class ParameterView
{
    private const int Deepest = 32;

    // What returns other memory only sometimes, as contiguous() and to(), is no less dangerous to write into.
    private static readonly HashSet<string> Views =
    [
        "view", "view_as", "view_as_real", "view_as_complex", "reshape", "flatten", "unflatten", "ravel", "narrow", "select", "slice",
        "t", "T", "mT", "H", "mH", "adjoint", "transpose", "permute", "movedim", "moveaxis", "swapaxes", "swapdims", "squeeze", "unsqueeze",
        "expand", "expand_as", "broadcast_to", "alias", "detach", "diagonal", "unfold", "as_strided", "contiguous", "to", "to_type", "type_as",
        "cpu", "cuda", "real", "imag", "split", "chunk", "unbind", "tensor_split", "hsplit", "vsplit", "dsplit", "resolve_conj", "resolve_neg",
        "bytes", "data", "storage", "DetachFromDisposeScope", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope",
    ];

    /// <summary>The parameter that an operation names, itself or by a local; null where it names none.</summary>
    public static IPropertyReferenceOperation? Named(IOperation? operation) => Named(operation, Deepest);

    /// <summary>The parameter into whose memory an operation looks; null where it looks into none.</summary>
    public static IPropertyReferenceOperation? Of(IOperation? operation)
    {
        for (var depth = Deepest; depth > 0 && operation is not null; depth--)
        {
            if (ParameterUse.Of(operation) is { } parameter) return parameter;
            if (Bare(operation) is (IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation) and var choice)
                return Choices(choice).Select(Of).FirstOrDefault(static view => view is not null);
            operation = Bare(operation) switch
            {
                ILocalReferenceOperation local => ValueOf(local),
                IArrayElementReferenceOperation element => element.ArrayReference,
                IInvocationOperation call when Views.Contains(call.TargetMethod.Name) => Receiver(call),
                IPropertyReferenceOperation { Instance: { } instance } part when part.Property.IsIndexer || Views.Contains(part.Property.Name) => instance,
                _ => null,
            };
        }
        return null;
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

    private static IPropertyReferenceOperation? Named(IOperation? operation, int depth) =>
        depth == 0 ? null
        : ParameterUse.Of(operation) is { } parameter ? parameter
        : Bare(operation) switch
        {
            ILocalReferenceOperation local => Named(ValueOf(local), depth - 1),
            (IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation) and var choice =>
                Choices(choice).Select(value => Named(value, depth - 1)).FirstOrDefault(static named => named is not null),
            _ => null,
        };

    private static IOperation? Accessed(IOperation instance)
    {
        var inner = instance;
        for (var outer = inner.Parent; outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            if (outer is IConditionalAccessOperation access && access.WhenNotNull == inner) return access.Operation;
        }
        return null;
    }

    /// <summary>What a local was declared with, where it is assigned nothing else.</summary>
    private static IOperation? ValueOf(ILocalReferenceOperation reference)
    {
        if (reference.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration || reference.SemanticModel is not { } model) return null;
        var value = declaration switch
        {
            VariableDeclaratorSyntax { Initializer.Value: { } initializer } => initializer,
            SingleVariableDesignationSyntax { Parent: PatternSyntax { Parent: IsPatternExpressionSyntax test } } => test.Expression,
            _ => null,
        };
        if (value is null || IsAssigned(declaration, reference.Local.Name)) return null;
        return value.SyntaxTree == model.SyntaxTree ? model.GetOperation(value) : null;
    }

    private static bool IsAssigned(SyntaxNode declaration, string name) =>
        declaration.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes().OfType<IdentifierNameSyntax>().Any(use => use.Identifier.ValueText == name && use.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == use,
            ArgumentSyntax { RefKindKeyword.RawKind: not 0 } => true,
            ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } tuple } => assignment.Left == tuple,
            PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression),
            PostfixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PostIncrementExpression) || unary.IsKind(SyntaxKind.PostDecrementExpression),
            _ => false,
        }) ?? true;
}
