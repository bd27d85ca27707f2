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

/// <summary>Gives a parameter a private setter.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PrivateSetterFix))]
[Shared]
public sealed class PrivateSetterFix : CodeFixProvider
{
    private const string Title = "Make the setter private";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [SetterAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var property = root?.FindNode(context.Span).FirstAncestorOrSelf<PropertyDeclarationSyntax>();
        // Whoever creates an instance must be able to set what is required.
        if (property?.AccessorList is not { } list || property.Modifiers.Any(SyntaxKind.RequiredKeyword)) return;
        context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(Fix(context.Document, root!, list)), Title), context.Diagnostics);
    }

    private static Document Fix(Document document, SyntaxNode root, AccessorListSyntax list)
    {
        var setter = SyntaxFactory.AccessorDeclaration(SyntaxKind.SetAccessorDeclaration)
            .WithModifiers([SyntaxFactory.Token(SyntaxKind.PrivateKeyword)])
            .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken));
        var old = list.Accessors.FirstOrDefault(static accessor => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        var accessors = old is null ? list.Accessors.Add(setter) : list.Accessors.Replace(old, setter.WithAttributeLists(old.AttributeLists).WithTriviaFrom(old));
        return document.WithSyntaxRoot(root.ReplaceNode(list, list.WithAccessors(accessors).WithAdditionalAnnotations(Formatter.Annotation)));
    }
}
