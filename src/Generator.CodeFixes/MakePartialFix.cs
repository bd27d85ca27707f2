using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace Lanyard.CodeFixes;

/// <summary>Adds <c>partial</c> to a class or a parameter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix))]
[Shared]
public sealed class MakePartialFix : CodeFixProvider
{
    private const string Title = "Make it partial";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [PartialClassAnalyzer.Id, PartialPropertyAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var declaration = root?.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (declaration is not (TypeDeclarationSyntax or PropertyDeclarationSyntax) || declaration.Modifiers.Any(SyntaxKind.PartialKeyword)) return;
        // A body or an initial value would have to go too, and only the author knows where to.
        if (declaration is PropertyDeclarationSyntax property && !IsAutomatic(property)) return;
        context.RegisterCodeFix(CodeAction.Create(Title, cancel => Fix(context.Document, declaration, cancel), Title), context.Diagnostics);
    }

    private static bool IsAutomatic(PropertyDeclarationSyntax property) => property is { Initializer: null, ExpressionBody: null, AccessorList.Accessors: var accessors }
        && accessors.All(static accessor => accessor is { Body: null, ExpressionBody: null });

    private static async Task<Document> Fix(Document document, MemberDeclarationSyntax declaration, CancellationToken cancel)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancel).ConfigureAwait(false);
        editor.SetModifiers(declaration, editor.Generator.GetModifiers(declaration).WithPartial(true));
        return editor.GetChangedDocument();
    }
}
