using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Conformance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.CodeFixes;

/// <summary>Leaves tensors alone that have no home: adds <c>[Ignore]</c> to the class that conforms to their list. It is offered in the list, where the tensors are.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LeaveAloneFix), DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)])]
[Shared]
public sealed class LeaveAloneFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [UnexpectedTensorAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(ConformanceAnalyzer.Class, out var name) || !diagnostic.Properties.TryGetValue(ConformanceAnalyzer.Instead, out var pattern) || name is null || pattern is null) continue;
            var text = SyntaxFactory.Literal(pattern).Text;
            context.RegisterCodeFix(CodeAction.Create($"Leave them alone: [Ignore({text})]", cancel => FixAsync(context.TextDocument.Project, name, text, cancel), nameof(LeaveAloneFix)), diagnostic);
        }
        return Task.CompletedTask;
    }

    private static async Task<Solution> FixAsync(Project project, string name, string pattern, CancellationToken cancel)
    {
        var compilation = await project.GetCompilationAsync(cancel).ConfigureAwait(false);
        var type = compilation?.GetTypeByMetadataName(name);

        // The part that the generator wrote is none to write into.
        foreach (var reference in type?.DeclaringSyntaxReferences ?? [])
        {
            if (project.GetDocument(reference.SyntaxTree) is not { } document || await reference.GetSyntaxAsync(cancel).ConfigureAwait(false) is not ClassDeclarationSyntax { AttributeLists: [.., var last] } syntax) continue;
            var root = await reference.SyntaxTree.GetRootAsync(cancel).ConfigureAwait(false);
            var attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("Ignore"), SyntaxFactory.ParseAttributeArgumentList($"({pattern})"));
            var list = SyntaxFactory.AttributeList([attribute])
                .WithLeadingTrivia(last.GetLeadingTrivia().LastOrDefault(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)))
                .WithTrailingTrivia(last.GetTrailingTrivia());
            return project.Solution.WithDocumentSyntaxRoot(document.Id, root.ReplaceNode(syntax, syntax.WithAttributeLists(syntax.AttributeLists.Add(list))));
        }
        return project.Solution;
    }
}
