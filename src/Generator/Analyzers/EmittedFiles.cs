using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers;

/// <summary>The files that this generator wrote, which are the only ones that rules leave out.</summary>
/// <remarks>
/// A header, a file name, an attribute or an .editorconfig can be anybody's. Here a file must lie where the compiler puts this
/// generator's, and must declare the entries of a class that gets code: beside the ones that the generator writes for each such class
/// nobody else's compile. What only throws may be anybody's, too.
/// </remarks>
internal sealed class EmittedFiles
{
    // The full name of the generator's type, by which the compiler calls its folder. Its text, since the rules stand below it.
    private const string Folder = "Lanyard.Generator.ParameterModuleGenerator";

    private static readonly ConditionalWeakTable<Compilation, EmittedFiles> Known = new();

    private readonly Compilation _compilation;
    private readonly ConcurrentDictionary<SyntaxTree, bool> _files = [];

    private EmittedFiles(Compilation compilation) => _compilation = compilation;

    /// <summary>The files of a compilation.</summary>
    public static EmittedFiles Of(Compilation compilation) => Known.GetValue(compilation, static compilation => new EmittedFiles(compilation));

    /// <summary>Whether the generator wrote a file.</summary>
    public bool Contains(SyntaxTree? tree) => tree is not null && _files.GetOrAdd(tree, IsEmitted);

    /// <summary>Whether the generator wrote all of a symbol's declarations.</summary>
    public bool Declares(ISymbol symbol) => !symbol.DeclaringSyntaxReferences.IsEmpty && symbol.DeclaringSyntaxReferences.All(reference => Contains(reference.SyntaxTree));

    private bool IsEmitted(SyntaxTree tree) =>
        Path.GetFileName(Path.GetDirectoryName(tree.FilePath)) == Folder && (HasEntries(tree) || InertFile.Is(tree.GetRoot()));

    private bool HasEntries(SyntaxTree tree) =>
        Entries(tree.GetRoot())?.Parent is TypeDeclarationSyntax half
        && _compilation.Assembly.GetTypeByMetadataName(MetadataName(half)) is { } type
        && type.Attribute("ParameterModuleAttribute") is not null
        && ModuleParser.IsCompletable(type);

    private static TypeDeclarationSyntax? Entries(SyntaxNode root) => root
        .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .OfType<ClassDeclarationSyntax>()
        .FirstOrDefault(static type => type is { Identifier.ValueText: WrittenNames.Entries, TypeParameterList: null } && type.Parent is TypeDeclarationSyntax);

    private static string MetadataName(TypeDeclarationSyntax type)
    {
        var name = type.Identifier.ValueText + (type.TypeParameterList is { } list ? $"`{list.Parameters.Count}" : "");
        return type.Parent switch
        {
            TypeDeclarationSyntax outer => $"{MetadataName(outer)}+{name}",
            BaseNamespaceDeclarationSyntax space => $"{Name(space.Name)}.{name}",
            _ => name,
        };
    }

    private static string Name(NameSyntax name) => string.Join(".", name.DescendantTokens()
        .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
        .Select(static token => token.ValueText));
}
