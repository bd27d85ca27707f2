using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Formatting;

namespace Lanyard.CodeFixes;

/// <summary>Lets an assignment run after each load: its method becomes a post-load method, or it moves to a new one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PostLoadFix))]
[Shared]
public sealed class PostLoadFix : CodeFixProvider
{
    private const string Mark = "Run the method after each load";
    private const string Move = "Move to a post-load method";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AssignmentAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var (document, cancel) = (context.Document, context.CancellationToken);
        var root = await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancel).ConfigureAwait(false);
        var target = root?.FindNode(context.Span, getInnermostNodeForTie: true) as ExpressionSyntax;
        if (target?.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access) target = access;
        if (target?.Parent is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment || assignment.Left != target) return;
        if (assignment.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax type } member || model is null) return;
        if (!IsOwn(model, target, type) || assignment.Ancestors().TakeWhile(outer => outer != member).Any(static outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)) return;

        if (member is MethodDeclarationSyntax method && CanRun(method) && IsWhole(method, assignment))
            context.RegisterCodeFix(CodeAction.Create(Mark, _ => Task.FromResult(MarkMethod(document, root!, method)), Mark), context.Diagnostics);
        else if (assignment.Parent is ExpressionStatementSyntax { Parent: BlockSyntax } statement && !UsesLocals(model, assignment) && !NeedsItsMethod(assignment, member))
            context.RegisterCodeFix(CodeAction.Create(Move, _ => Task.FromResult(MoveStatement(document, root!, statement, assignment, member, type)), Move), context.Diagnostics);
    }

    private static bool IsOwn(SemanticModel model, ExpressionSyntax target, TypeDeclarationSyntax type) =>
        model.GetSymbolInfo(target).Symbol is IPropertySymbol property
        && SymbolEqualityComparer.Default.Equals(property.OriginalDefinition.ContainingType, model.GetDeclaredSymbol(type));

    private static bool CanRun(MethodDeclarationSyntax method) =>
        method.ParameterList.Parameters.Count == 0
        && method.TypeParameterList is null
        && method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        && !method.Modifiers.Any(static modifier => modifier.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.VirtualKeyword or SyntaxKind.OverrideKeyword or SyntaxKind.PartialKeyword);

    private static bool IsWhole(MethodDeclarationSyntax method, AssignmentExpressionSyntax assignment) =>
        method.ExpressionBody?.Expression == assignment
        || (method.Body is { Statements: [ExpressionStatementSyntax { Expression: var only }] } && only == assignment);

    private static bool UsesLocals(SemanticModel model, AssignmentExpressionSyntax assignment) => assignment.Right.DescendantNodesAndSelf()
        .OfType<IdentifierNameSyntax>()
        .Select(name => model.GetSymbolInfo(name).Symbol)
        .Any(symbol => symbol is ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } or IMethodSymbol { MethodKind: MethodKind.LocalFunction }
            && !symbol.DeclaringSyntaxReferences.Any(reference => assignment.Right.Span.Contains(reference.Span)));

    // What awaits, or uses pointers, compiles in some methods alone.
    private static bool NeedsItsMethod(AssignmentExpressionSyntax assignment, MemberDeclarationSyntax member) =>
        assignment.DescendantNodes(static node => node is not AnonymousFunctionExpressionSyntax).OfType<AwaitExpressionSyntax>().Any()
        || member.Modifiers.Any(SyntaxKind.UnsafeKeyword)
        || assignment.Ancestors().OfType<UnsafeStatementSyntax>().Any();

    private static Document MarkMethod(Document document, SyntaxNode root, MethodDeclarationSyntax method)
    {
        var marked = method.WithoutLeadingTrivia()
            .WithAttributeLists(method.WithoutLeadingTrivia().AttributeLists.Insert(0, PostLoad()))
            .WithLeadingTrivia(method.GetLeadingTrivia());
        return document.WithSyntaxRoot(root.ReplaceNode(method, marked.WithAdditionalAnnotations(Formatter.Annotation)));
    }

    private static Document MoveStatement(Document document, SyntaxNode root, ExpressionStatementSyntax statement, AssignmentExpressionSyntax assignment, MemberDeclarationSyntax member, TypeDeclarationSyntax type)
    {
        var name = Name(type, "Prepare" + (assignment.Left as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText + (assignment.Left as IdentifierNameSyntax)?.Identifier.ValueText);
        var method = SyntaxFactory.MethodDeclaration(SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.VoidKeyword)), name)
            .WithAttributeLists([PostLoad()])
            .WithModifiers([SyntaxFactory.Token(SyntaxKind.PrivateKeyword)])
            .WithExpressionBody(SyntaxFactory.ArrowExpressionClause(assignment.WithoutTrivia()))
            .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken))
            .WithLeadingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed, SyntaxFactory.ElasticMarker)
            .WithAdditionalAnnotations(Formatter.Annotation);
        // Comments stay; the white space of a line that is gone does not.
        var kept = statement.GetLeadingTrivia().Concat(statement.GetTrailingTrivia()).All(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            ? SyntaxRemoveOptions.KeepNoTrivia
            : SyntaxRemoveOptions.KeepExteriorTrivia | SyntaxRemoveOptions.KeepUnbalancedDirectives;
        var tracked = root.TrackNodes(statement, member);
        tracked = tracked.InsertNodesAfter(tracked.GetCurrentNode(member)!, [method]);
        return document.WithSyntaxRoot(tracked.RemoveNode(tracked.GetCurrentNode(statement)!, kept)!);
    }

    private static string Name(TypeDeclarationSyntax type, string wish)
    {
        var taken = new HashSet<string>(type.Members.OfType<MethodDeclarationSyntax>().Select(static method => method.Identifier.ValueText));
        var name = wish;
        for (var i = 2; taken.Contains(name); i++) name = wish + i;
        return name;
    }

    private static AttributeListSyntax PostLoad() => SyntaxFactory.AttributeList([SyntaxFactory.Attribute(SyntaxFactory.IdentifierName("PostLoad"))]);
}
