using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Lanyard.CodeFixes;

/// <summary>Adds the source that a parameter lacks; its name in the checkpoint is for the author to write.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddSourceFix))]
[Shared]
public sealed class AddSourceFix : CodeFixProvider
{
    private const string Title = "Add the missing source";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [GapAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            var property = root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<PropertyDeclarationSyntax>();
            if (property is null || !diagnostic.Properties.ContainsKey(GapAnalyzer.Axes)) continue;
            context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(Fix(context.Document, root!, property, diagnostic.Properties)), Title), diagnostic);
        }
    }

    private static Document Fix(Document document, SyntaxNode root, PropertyDeclarationSyntax property, ImmutableDictionary<string, string?> missing)
    {
        var arguments = $"\"TODO\", \"{missing[GapAnalyzer.Axes]}\"" + Named(missing, GapAnalyzer.Part) + Named(missing, GapAnalyzer.Format);
        var attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("FromCheckpoint"), SyntaxFactory.ParseAttributeArgumentList($"({arguments})"));
        var last = property.AttributeLists.Last();
        var list = SyntaxFactory.AttributeList([attribute])
            .WithLeadingTrivia(last.GetLeadingTrivia().LastOrDefault(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)))
            .WithTrailingTrivia(last.GetTrailingTrivia());
        return document.WithSyntaxRoot(root.ReplaceNode(property, property.WithAttributeLists(property.AttributeLists.Add(list))));
    }

    private static string Named(ImmutableDictionary<string, string?> missing, string name) =>
        missing.TryGetValue(name, out var value) ? $", {name} = {SymbolDisplay.FormatLiteral(value!, quote: true)}" : "";
}
