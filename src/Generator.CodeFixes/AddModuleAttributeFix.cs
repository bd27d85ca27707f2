using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.CodeFixes;

/// <summary>Adds <c>[ParameterModule]</c> to a class whose members have attributes that nobody reads.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddModuleAttributeFix))]
[Shared]
public sealed class AddModuleAttributeFix : CodeFixProvider
{
    private const string Title = "Add [ParameterModule]";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [MisplacedAttributeAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        // The rule says which classes can have it.
        var diagnostic = context.Diagnostics.FirstOrDefault(static diagnostic => diagnostic.Properties.ContainsKey(MisplacedAttributeAnalyzer.IsModule));
        if (diagnostic is null || root?.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type) return;
        if (type.Ancestors().OfType<TypeDeclarationSyntax>().Prepend(type).Any(static part => !part.Modifiers.Any(SyntaxKind.PartialKeyword))) return;
        context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(Fix(context.Document, root!, type)), Title), diagnostic);
    }

    private static Document Fix(Document document, SyntaxNode root, ClassDeclarationSyntax type)
    {
        var plain = type.WithoutLeadingTrivia();
        var indentation = type.GetLeadingTrivia().Where(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse().Take(1);
        var list = SyntaxFactory.AttributeList([SyntaxFactory.Attribute(SyntaxFactory.IdentifierName("ParameterModule"))]).WithTrailingTrivia(indentation.Prepend(SyntaxFactory.ElasticLineFeed));
        return document.WithSyntaxRoot(root.ReplaceNode(type, plain.WithAttributeLists(plain.AttributeLists.Insert(0, list)).WithLeadingTrivia(type.GetLeadingTrivia())));
    }
}
