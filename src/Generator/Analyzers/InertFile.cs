using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers;

/// <summary>Recognises a file in which nothing happens: the halves of partial properties, that throw a text.</summary>
internal static class InertFile
{
    /// <summary>Whether all that a file declares throws a text and does nothing else, whoever wrote it.</summary>
    public static bool Is(SyntaxNode root) => root is CompilationUnitSyntax { Usings.Count: 0, Externs.Count: 0, AttributeLists.Count: 0 } unit && unit.Members.All(Is);

    private static bool Is(MemberDeclarationSyntax member) => member.AttributeLists.Count == 0 && member switch
    {
        BaseNamespaceDeclarationSyntax { Usings.Count: 0, Externs.Count: 0 } space => space.Members.All(Is),
        TypeDeclarationSyntax { BaseList: null, ParameterList: null } type => type.Modifiers.Any(SyntaxKind.PartialKeyword) && type.Members.All(Is),
        PropertyDeclarationSyntax { Initializer: null, ExpressionBody: null } property => property.Modifiers.Any(SyntaxKind.PartialKeyword) && Throws(property.AccessorList),
        IndexerDeclarationSyntax { ExpressionBody: null } indexer => indexer.Modifiers.Any(SyntaxKind.PartialKeyword) && Throws(indexer.AccessorList),
        MethodDeclarationSyntax method => Throws(method.Body),
        _ => false,
    };

    private static bool Throws(AccessorListSyntax? list) => list is not null && list.Accessors.All(static accessor => accessor.AttributeLists.Count == 0 && Throws(accessor.Body));

    private static bool Throws(BlockSyntax? body) => body is { AttributeLists.Count: 0 } && body.Statements switch
    {
        [ThrowStatementSyntax only] => ThrowsText(only),
        [ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" }, Right: FieldExpressionSyntax } }, ThrowStatementSyntax last] => ThrowsText(last),
        _ => false,
    };

    private static bool ThrowsText(ThrowStatementSyntax statement) => statement is
    {
        AttributeLists.Count: 0,
        Expression: ObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax }] },
    };
}
