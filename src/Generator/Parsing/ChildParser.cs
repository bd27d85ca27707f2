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

    /// <summary>Whether the property holds children: it is of such a type, and they are not another property's.</summary>
    public static bool IsChild(IPropertySymbol property) => KindOf(property.Type) is not null && Holds(property, default);

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
        if (property.IsAbstract) return true;
        if ((property.PartialImplementationPart ?? property).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is not PropertyDeclarationSyntax syntax) return true;
        var getter = (syntax.AccessorList?.Accessors ?? default).FirstOrDefault(static accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        SyntaxNode? body = syntax.ExpressionBody ?? getter?.ExpressionBody ?? (SyntaxNode?)getter?.Body;
        if (body is null || body.DescendantNodes().Any(static node => node.IsKind(SyntaxKind.FieldExpression))) return true;
        var results = Returned(body).SelectMany(ResultsOf).ToList();
        var names = new PlainNames(body);
        return results.Count > 0 && results.TrueForAll(result => IsStorage(property.ContainingType, names, result));
    }

    private static IEnumerable<ExpressionSyntax> Returned(SyntaxNode body) => body is ArrowExpressionClauseSyntax arrow
        ? [arrow.Expression]
        : body.DescendantNodes(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ReturnStatementSyntax>()
            .Select(static statement => statement.Expression)
            .OfType<ExpressionSyntax>();

    /// <summary>What an expression may come to, but for nothing at all.</summary>
    private static IEnumerable<ExpressionSyntax> ResultsOf(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax or DefaultExpressionSyntax or ThrowExpressionSyntax => [],
        ParenthesizedExpressionSyntax inner => ResultsOf(inner.Expression),
        CastExpressionSyntax inner => ResultsOf(inner.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner => ResultsOf(inner.Operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.AsExpression } either => ResultsOf(either.Left),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression } either => ResultsOf(either.Left),
        ConditionalExpressionSyntax either => ResultsOf(either.WhenTrue).Concat(ResultsOf(either.WhenFalse)),
        SwitchExpressionSyntax either => either.Arms.SelectMany(static arm => ResultsOf(arm.Expression)),
        _ => [expression],
    };

    private static bool IsStorage(INamedTypeSymbol type, PlainNames names, ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax } member => IsField(type, member.Name),
        IdentifierNameSyntax name => names.IsFree(name) && (IsField(type, name) || KnownTypes.IsPrimaryParameter(type, name.Identifier.ValueText)),
        _ => false,
    };

    private static bool IsField(INamedTypeSymbol type, SimpleNameSyntax name) =>
        KnownTypes.BasesOf(type).Any(owner => owner.GetMembers(name.Identifier.ValueText).Any(static member => member is IFieldSymbol { IsStatic: false }));
}
