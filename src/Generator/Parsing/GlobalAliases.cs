using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Tells whether some file gives another meaning to the name of an attribute everywhere: <c>global using AxisAttribute = Theirs.AxisAttribute;</c></summary>
internal static class GlobalAliases
{
    // A file is read once, not once for each class and keystroke.
    private static readonly ConditionalWeakTable<SyntaxTree, object> Trees = new();
    private static readonly ConditionalWeakTable<Compilation, object> Compilations = new();

    /// <summary>Whether a compilation has an alias of such a name.</summary>
    public static bool AreIn(Compilation compilation) =>
        (bool)Compilations.GetValue(compilation, static compilation => compilation.SyntaxTrees.Any(static tree => (bool)Trees.GetValue(tree, AreIn)));

    private static object AreIn(SyntaxTree tree) => ((CompilationUnitSyntax)tree.GetRoot()).Usings.Any(static import =>
        import is { GlobalKeyword.RawKind: not 0, Alias.Name.Identifier.ValueText: var alias } && SourceReader.KindOf(alias) is not null);
}
