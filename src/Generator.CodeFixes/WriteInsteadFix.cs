using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Conformance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.CodeFixes;

/// <summary>Writes the name that a list has in the place of the one that it lacks, or a pattern with its dimensions the other way round.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteInsteadFix))]
[Shared]
public sealed class WriteInsteadFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [MissingSourceAnalyzer.Id, ContradictingSizesAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(ConformanceAnalyzer.Instead, out var instead) || instead is null) continue;
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal) continue;
            var text = SyntaxFactory.Literal(instead);
            context.RegisterCodeFix(
                CodeAction.Create($"Write {text.Text}", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(literal, SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, text).WithTriviaFrom(literal)))), nameof(WriteInsteadFix)),
                diagnostic);
        }
    }
}
