using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.CodeFixes;

/// <summary>Writes the axis that was most likely meant.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NearestAxisFix))]
[Shared]
public sealed class NearestAxisFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [UnknownAxisAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            var span = diagnostic.Location.SourceSpan;
            // Where the text is spelled elsewhere, the span is no part of a literal.
            if (root is null || !diagnostic.Properties.TryGetValue(UnknownAxisAnalyzer.Nearest, out var nearest)) continue;
            var token = root.FindToken(span.Start);
            if (token.Value is not string || token.Span == span || !token.Span.Contains(span)) continue;
            var title = $"Change to \"{nearest}\"";
            context.RegisterCodeFix(CodeAction.Create(title, cancel => Fix(context.Document, span, nearest!, cancel), title), diagnostic);
        }
    }

    private static async Task<Document> Fix(Document document, TextSpan span, string name, CancellationToken cancel)
    {
        var text = await document.GetTextAsync(cancel).ConfigureAwait(false);
        return document.WithText(text.Replace(span, name));
    }
}
