using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>
/// Tells names that can only mean a member of the class, without asking the compiler: binding the bodies costs more than all else
/// that the generator does, on every keystroke.
/// </summary>
internal sealed class PlainNames(SyntaxNode declaration)
{
    private HashSet<string>? _declared;

    public bool Contains(SimpleNameSyntax name) => name is IdentifierNameSyntax && name.Parent switch
    {
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } => true,
        MemberAccessExpressionSyntax access => access.Expression == name && IsFree(name),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression or (int)SyntaxKind.AsExpression } test => test.Left == name && IsFree(name),
        ArgumentSyntax or AssignmentExpressionSyntax or BinaryExpressionSyntax or ElementAccessExpressionSyntax or InvocationExpressionSyntax
            or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax or ParenthesizedExpressionSyntax or ConditionalExpressionSyntax
            or ReturnStatementSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or InterpolationSyntax or ExpressionElementSyntax => IsFree(name),
        _ => false,
    };

    /// <summary>Whether a name is declared nowhere near. The name of a property may also be that of its type; any other is then the class's own.</summary>
    public bool IsFree(SimpleNameSyntax name) => name.Identifier.ValueText != "Parameter" && !Declared().Contains(name.Identifier.ValueText);

    private HashSet<string> Declared()
    {
        if (_declared is not null) return _declared;
        _declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in declaration.DescendantTokens())
        {
            // Whatever declares it: a list of kinds of syntax that can would never be complete.
            if (token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is not SimpleNameSyntax) _declared.Add(token.ValueText);
        }
        return _declared;
    }
}
