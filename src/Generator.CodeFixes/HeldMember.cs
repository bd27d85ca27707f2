using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.CodeFixes;

/// <summary>A field or property that is given one value, for a fix that declares something else in its place.</summary>
/// <param name="Model">What its document means.</param>
/// <param name="Symbol">The member.</param>
/// <param name="Declaration">Its declaration.</param>
/// <param name="Value">The value.</param>
/// <param name="Assignment">The assignment in a constructor that gives it; null where an initializer does.</param>
/// <param name="Uses">All other uses, with <c>this</c> where that stands before the name.</param>
internal sealed record HeldMember(SemanticModel Model, ISymbol Symbol, MemberDeclarationSyntax Declaration, ExpressionSyntax Value, AssignmentExpressionSyntax? Assignment, ImmutableArray<ExpressionSyntax> Uses)
{
    /// <summary>The class.</summary>
    public INamedTypeSymbol Type => Symbol.ContainingType;

    /// <summary>The constructor that gives the value; null where an initializer does.</summary>
    public ConstructorDeclarationSyntax? Constructor => Assignment?.FirstAncestorOrSelf<ConstructorDeclarationSyntax>();

    /// <summary>Whether the parameters are made before the constructor comes to the value, so that sizes which it gave there would come too late.</summary>
    public bool IsLate => Constructor?.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == "CreateParameters" && name.SpanStart < Assignment!.SpanStart) == true;

    /// <summary>Finds the member that a report points at; null where it is declared, given values or used in a way that a fix cannot follow.</summary>
    public static async Task<HeldMember?> FindAsync(Document document, TextSpan span, CancellationToken cancel)
    {
        var root = await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancel).ConfigureAwait(false);
        if (root?.FindToken(span.Start).Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } declaration || model is null) return null;
        if (Initial(declaration, out var node) is not { } initial || model.GetDeclaredSymbol(node!, cancel) is not { IsOverride: false, IsVirtual: false, IsAbstract: false, IsStatic: false } symbol) return null;

        var uses = new List<ExpressionSyntax>();
        foreach (var reference in await SymbolFinder.FindReferencesAsync(symbol, document.Project.Solution, cancel).ConfigureAwait(false))
        {
            foreach (var location in reference.Locations)
            {
                if (location.Document.Id != document.Id || location.IsImplicit || root.FindNode(location.Location.SourceSpan, getInnermostNodeForTie: true) is not SimpleNameSyntax name) return null;
                if (name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
                {
                    if (access.Expression is not ThisExpressionSyntax) return null;
                    uses.Add(access);
                }
                else uses.Add(name);
            }
        }
        var assignments = uses.Select(static use => use.Parent).OfType<AssignmentExpressionSyntax>().Where(assignment => uses.Contains(assignment.Left)).ToList();
        var assigned = assignments is [var one] && IsOfConstructor(one) ? one : null;
        if (assigned is null ? assignments.Count > 0 : initial.Value is not null) return null;
        return (assigned?.Right ?? initial.Value) is { } value ? new(model, symbol, declaration, value, assigned, [.. uses.Where(use => use != assigned?.Left)]) : null;
    }

    private static (ExpressionSyntax? Value, bool Any)? Initial(MemberDeclarationSyntax declaration, out SyntaxNode? node)
    {
        node = declaration;
        switch (declaration)
        {
            case PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } list } property when list.Accessors.All(static accessor => accessor is { Body: null, ExpressionBody: null }):
                return (property.Initializer?.Value, true);
            case FieldDeclarationSyntax { Declaration.Variables: [var field] }:
                node = field;
                return (field.Initializer?.Value, true);
            default:
                return null;
        }
    }

    private static bool IsOfConstructor(AssignmentExpressionSyntax assignment) => assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) && assignment.Parent switch
    {
        ExpressionStatementSyntax { Parent: BlockSyntax { Parent: ConstructorDeclarationSyntax } } => true,
        ArrowExpressionClauseSyntax { Parent: ConstructorDeclarationSyntax } => true,
        _ => false,
    };
}
