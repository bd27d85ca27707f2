using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers.Members;

/// <summary>The formats in which some child has a name of its own, in whatever class of a compilation.</summary>
internal static class ChildFormats
{
    private static readonly ConditionalWeakTable<SyntaxTree, HashSet<string>> Trees = new();

    /// <summary>Whether some class may name a child in the format: then that tells the tensors below it apart.</summary>
    public static bool MayHave(Compilation compilation, string format, CancellationToken cancel) => compilation.SyntaxTrees.Any(tree =>
        Trees.GetValue(tree, tree => [.. In(tree.GetRoot(cancel))]) is var formats && (formats.Contains(format) || formats.Contains("")));

    /// <summary>The formats that are written out; an empty one for what only the compiler knows.</summary>
    private static IEnumerable<string> In(SyntaxNode root) => root
        .DescendantNodes(static node => node is not (StatementSyntax or ExpressionSyntax))
        .OfType<AttributeSyntax>()
        .Where(static attribute => attribute.Name.ToString().Contains("CheckpointName"))
        .SelectMany(static attribute => attribute.ArgumentList?.Arguments ?? default)
        .Where(static argument => argument.NameEquals?.Name.Identifier.ValueText == "Format")
        .Select(static argument => (argument.Expression as LiteralExpressionSyntax)?.Token.Value as string ?? "");
}
