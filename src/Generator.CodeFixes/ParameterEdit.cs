using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Lanyard.CodeFixes;

/// <summary>Puts parameters in the place of a member.</summary>
internal static class ParameterEdit
{
    /// <summary>The declaration of a parameter with its source.</summary>
    public static string Parameter(string modifiers, string property, string name, string pattern)
    {
        var setter = modifiers.Split(' ').Contains("private") || modifiers.Length == 0 ? "set" : "private set";
        return $"[Parameter({Text(pattern)})]\n[FromCheckpoint({Text(name)}, {Text(pattern)})]\n{modifiers}partial global::TorchSharp.Modules.Parameter {Identifiers.Escape(property)} {{ get; {setter}; }}";
    }

    /// <summary>The root of a document after the change.</summary>
    /// <param name="root">The root before.</param>
    /// <param name="held">The member.</param>
    /// <param name="members">What is declared in its place.</param>
    /// <param name="assignment">What the constructor assigns in place of it; null where that is nothing.</param>
    /// <param name="uses">The uses that change.</param>
    /// <param name="replace">What becomes of a use, given what is in it by then.</param>
    public static SyntaxNode Apply(SyntaxNode root, HeldMember held, IEnumerable<string> members, string? assignment, IReadOnlyCollection<SyntaxNode> uses, Func<SyntaxNode, SyntaxNode> replace)
    {
        // The member stays as it is until the rest was found by it.
        var statement = held.Assignment?.Parent as ExpressionStatementSyntax;
        SyntaxNode? removed = held.Assignment is not null && assignment is null ? statement : null;
        var changed = new List<SyntaxNode>(uses);
        if (held.Assignment is not null && removed is null) changed.Add(held.Assignment);
        root = root.TrackNodes(changed.Append(held.Declaration).Concat(removed is null ? [] : [removed]));
        root = root.ReplaceNodes(changed.Select(node => root.GetCurrentNode(node)!), (original, rewritten) => original == root.GetCurrentNode((SyntaxNode?)held.Assignment ?? held.Declaration)
            ? SyntaxFactory.ParseExpression(assignment!).WithTriviaFrom(rewritten)
            : replace(rewritten).WithTriviaFrom(rewritten).WithAdditionalAnnotations(Simplifier.Annotation));
        if (removed is not null) root = root.RemoveNode(root.GetCurrentNode(removed)!, SyntaxRemoveOptions.KeepNoTrivia)!;
        var declaration = root.GetCurrentNode(held.Declaration)!;
        return root.ReplaceNode(declaration, Declarations(declaration, members));
    }

    private static IEnumerable<MemberDeclarationSyntax> Declarations(MemberDeclarationSyntax declaration, IEnumerable<string> members)
    {
        // Lines end as the author's do.
        var (leading, trailing) = (declaration.GetLeadingTrivia(), declaration.GetTrailingTrivia());
        var end = trailing.Where(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToSyntaxTriviaList();
        foreach (var text in members)
        {
            yield return SyntaxFactory.ParseMemberDeclaration(text)!
                .WithLeadingTrivia(leading)
                .WithTrailingTrivia(trailing)
                .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
            (leading, trailing) = (end.Add(SyntaxFactory.ElasticMarker), end);
        }
    }

    private static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);
}
