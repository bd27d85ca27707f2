using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Architecture.Tests;

/// <summary>Asks the compiler which files use types of which others. What comments mention is no use.</summary>
internal sealed class SourceUses(Compilation compilation, IReadOnlyDictionary<SyntaxTree, SourceFile> files)
{
    public IReadOnlyList<Use> Find() => [.. files.Keys.AsParallel().AsOrdered().SelectMany(Find)];

    private List<Use> Find(SyntaxTree tree)
    {
        var (model, file, found) = (compilation.GetSemanticModel(tree), files[tree], new List<Use>());
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            foreach (var (used, what) in Used(model, node))
            {
                if (used != file) found.Add(new Use(file, tree.GetLineSpan(node.Span).StartLinePosition.Line + 1, UserOf(node) ?? Path.GetFileName(file.Path), used, what, node is UsingDirectiveSyntax));
            }
        }
        return found;
    }

    private IEnumerable<(SourceFile File, string What)> Used(SemanticModel model, SyntaxNode node) => node switch
    {
        UsingDirectiveSyntax { Alias: null, StaticKeyword.RawKind: 0, Name: { } name } => model.GetSymbolInfo(name).Symbol is INamespaceSymbol space ? Used(space) : [],
        ExpressionSyntax or AttributeSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax => Used(model.GetSymbolInfo(node)),
        _ => [],
    };

    private IEnumerable<(SourceFile File, string What)> Used(SymbolInfo info) =>
        from symbol in info.Symbol is { } one ? [one] : info.CandidateSymbols
        let type = TypeOf(symbol)
        where type is not null
        // A member lies where it is declared, which of a partial type may be one of several files; what nobody declares lies with its type.
        let file = FilesOf(symbol.OriginalDefinition).Concat(FilesOf(type)).FirstOrDefault()
        where file is not null
        select (file, type.Name);

    // A namespace brings methods that nothing names: GetEnumerator, Deconstruct, Add. So it is a use where it is of one folder alone.
    private IEnumerable<(SourceFile File, string What)> Used(INamespaceSymbol space)
    {
        var declared = space.GetTypeMembers().SelectMany(FilesOf).ToList();
        return declared.Select(static file => file.Folder).Distinct().Count() == 1 ? [(declared[0], space.ToDisplayString())] : [];
    }

    private static INamedTypeSymbol? TypeOf(ISymbol symbol)
    {
        var type = symbol switch
        {
            IArrayTypeSymbol array => TypeOf(array.ElementType),
            IPointerTypeSymbol pointer => TypeOf(pointer.PointedAtType),
            INamedTypeSymbol named => named,
            IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
            _ => null,
        };
        while (type?.ContainingType is { } outer) type = outer;
        return type?.OriginalDefinition;
    }

    private IEnumerable<SourceFile> FilesOf(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Select(reference => files.GetValueOrDefault(reference.SyntaxTree)).OfType<SourceFile>();

    private static string? UserOf(SyntaxNode node) =>
        node.Ancestors().OfType<MemberDeclarationSyntax>().Select(static member => member switch
        {
            BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
            DelegateDeclarationSyntax type => type.Identifier.ValueText,
            _ => null,
        }).LastOrDefault(static name => name is not null);
}
