using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Tells from syntax alone whether a name is read, assigned or both.</summary>
internal static class NameUses
{
    public static NameUse Of(SimpleNameSyntax name)
    {
        var expression = Whole(name);
        return expression.Parent switch
        {
            // new Other { W = value } assigns a property of the new object, and so does other with { W = value }.
            AssignmentExpressionSyntax { Parent.RawKind: (int)SyntaxKind.ObjectInitializerExpression or (int)SyntaxKind.WithInitializerExpression } assignment when assignment.Left == expression => NameUse.None,
            AssignmentExpressionSyntax assignment when assignment.Left == expression =>
                assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? NameUse.Write : NameUse.Read | NameUse.Write,
            ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None } or RefExpressionSyntax => NameUse.Read | NameUse.Write,
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } when IsTarget(tuple) => NameUse.Write,
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression or (int)SyntaxKind.AddressOfExpression }
                or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression or (int)SyntaxKind.PostDecrementExpression } => NameUse.Read | NameUse.Write,
            _ => IsInNameOf(name) ? NameUse.None : NameUse.Read,
        };
    }

    /// <summary>The name with what belongs to it: <c>this.W</c>, <c>(W)</c>, <c>W!</c>.</summary>
    private static ExpressionSyntax Whole(SimpleNameSyntax name)
    {
        ExpressionSyntax whole = name;
        while (true)
        {
            switch (whole.Parent)
            {
                case MemberAccessExpressionSyntax member when member.Name == whole:
                    whole = member;
                    break;
                case MemberBindingExpressionSyntax member when member.Name == whole:
                    whole = member;
                    break;
                case ParenthesizedExpressionSyntax inner:
                    whole = inner;
                    break;
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner:
                    whole = inner;
                    break;
                default:
                    return whole;
            }
        }
    }

    private static bool IsTarget(ExpressionSyntax tuple) => tuple.Parent switch
    {
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment => assignment.Left == tuple,
        ArgumentSyntax { Parent: TupleExpressionSyntax outer } => IsTarget(outer),
        ParenthesizedExpressionSyntax inner => IsTarget(inner),
        _ => false,
    };

    private static bool IsInNameOf(SyntaxNode name) => name.Ancestors()
        .TakeWhile(static node => node is ExpressionSyntax or ArgumentSyntax or ArgumentListSyntax)
        .OfType<InvocationExpressionSyntax>()
        .Any(static call => call is { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments.Count: 1 });
}
