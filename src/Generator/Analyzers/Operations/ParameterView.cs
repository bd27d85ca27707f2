using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

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

    /// <summary>The parameter that an operation names, through parentheses, conversions, <c>?.</c> and null-forgiveness; null where it names none.</summary>
    public static IPropertyReferenceOperation? Itself(IOperation? operation) =>
        Operation.Bare(operation) is IPropertyReferenceOperation reference && Annotated.IsParameter(reference.Property) ? reference : null;

    /// <summary>The parameter that an operation names, itself or by a local; null where it names none.</summary>
    public static IPropertyReferenceOperation? Named(IOperation? operation) => Named(operation, Deepest);

    /// <summary>The parameter into whose memory an operation looks; null where it looks into none.</summary>
    public static IPropertyReferenceOperation? Of(IOperation? operation)
    {
        for (var depth = Deepest; depth > 0 && operation is not null; depth--)
        {
            if (Itself(operation) is { } parameter) return parameter;
            if (Operation.Bare(operation) is (IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation) and var choice)
                return Operation.Choices(choice).Select(Of).FirstOrDefault(static view => view is not null);
            operation = Operation.Bare(operation) switch
            {
                ILocalReferenceOperation local => ValueOf(local),
                IArrayElementReferenceOperation element => element.ArrayReference,
                IInvocationOperation call when Views.Contains(call.TargetMethod.Name) => Operation.Receiver(call),
                IPropertyReferenceOperation { Instance: { } instance } part when part.Property.IsIndexer || Views.Contains(part.Property.Name) => instance,
                _ => null,
            };
        }
        return null;
    }

    private static IPropertyReferenceOperation? Named(IOperation? operation, int depth) =>
        depth == 0 ? null
        : Itself(operation) is { } parameter ? parameter
        : Operation.Bare(operation) switch
        {
            ILocalReferenceOperation local => Named(ValueOf(local), depth - 1),
            (IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation) and var choice =>
                Operation.Choices(choice).Select(value => Named(value, depth - 1)).FirstOrDefault(static named => named is not null),
            _ => null,
        };

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
