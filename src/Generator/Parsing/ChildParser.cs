using System.Collections.Immutable;
using Lanyard.Generator.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the properties that hold child modules.</summary>
internal static class ChildParser
{
    public static EquatableArray<ChildModel> Parse(ImmutableArray<ISymbol> members, CancellationToken cancel) => members
        .OfType<IPropertySymbol>()
        .Where(static property => property is { IsStatic: false, IsIndexer: false, GetMethod: not null, ExplicitInterfaceImplementations.IsEmpty: true })
        .Select(property => KindOf(property.Type) is { } kind && Holds(property, cancel) ? Child(property, kind) : null)
        .Where(static child => child is not null)
        .Select(static child => child!)
        .ToImmutableArray();

    /// <summary>Whether the property is of a type that holds children.</summary>
    public static bool IsChild(IPropertySymbol property) => KindOf(property.Type) is not null;

    private static ChildKind? KindOf(ITypeSymbol type)
    {
        if (KnownTypes.IsModuleList(type)) return ChildKind.ModuleList;
        if (KnownTypes.IsModule(type)) return ChildKind.Single;
        return KnownTypes.IsListOfModules(type) ? ChildKind.List : null;
    }

    private static ChildModel Child(IPropertySymbol property, ChildKind kind)
    {
        var name = SnakeCase.Of(property.Name);
        var stated = WrittenAttribute.Of(property, "CheckpointName", default).FirstOrDefault()?.Text(0);
        return new ChildModel(property.Name, name, string.IsNullOrEmpty(stated) ? name : stated!, kind);
    }

    // "First => Layers[0]" names a child of someone else a second time: registered, it would be loaded twice.
    private static bool Holds(IPropertySymbol property, CancellationToken cancel)
    {
        if (property.IsAbstract || property.IsPartialDefinition) return true;
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is not PropertyDeclarationSyntax syntax) return true;
        if (syntax.ExpressionBody is { } body) return IsField(property.ContainingType, body.Expression);
        return (syntax.AccessorList?.Accessors ?? default).FirstOrDefault(static accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration)) switch
        {
            { ExpressionBody.Expression: { } expression } => IsField(property.ContainingType, expression),
            { Body.Statements: { Count: 1 } statements } when statements[0] is ReturnStatementSyntax { Expression: { } expression } => IsField(property.ContainingType, expression),
            { Body: { } block } => block.DescendantNodes().Any(static node => node.IsKind(SyntaxKind.FieldExpression)),
            _ => true,
        };
    }

    private static bool IsField(INamedTypeSymbol type, ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax inner => IsField(type, inner.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner => IsField(type, inner.Operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either => IsField(type, either.Left),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression } either => IsField(type, either.Left),
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } member => IsField(type, member.Name),
        IdentifierNameSyntax name => type.GetMembers(name.Identifier.ValueText).Any(static member => member is IFieldSymbol),
        FieldExpressionSyntax => true,
        _ => false,
    };
}
