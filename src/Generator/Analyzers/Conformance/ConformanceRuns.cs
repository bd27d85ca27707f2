using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lanyard.Generator.Conformance.Solving;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>All classes of a compilation that are to conform to lists, compared with them once for all rules.</summary>
internal sealed class ConformanceRuns
{
    private const string Kind = "ConformsTo";

    private static readonly ConditionalWeakTable<Compilation, ConformanceRuns> Known = new();
    private static readonly ConditionalWeakTable<SyntaxTree, IReadOnlyList<TypeDeclarationSyntax>> Candidates = new();

    private readonly DeclaredClasses _classes;
    private readonly ILookup<ISymbol?, (string? Member, string Text)> _said;

    private ConformanceRuns(Compilation compilation, ImmutableArray<AdditionalText> files, CancellationToken cancel)
    {
        _classes = new DeclaredClasses(compilation);
        var roots = ImmutableArray.CreateBuilder<ConformanceRoot>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            var candidates = Candidates.GetValue(tree, tree => Find(tree, cancel));
            if (candidates.Count == 0) continue;
            var model = compilation.GetSemanticModel(tree);
            foreach (var syntax in candidates)
            {
                if (model.GetDeclaredSymbol(syntax, cancel) is not INamedTypeSymbol type) continue;
                foreach (var attribute in type.Attributes(Kind + "Attribute"))
                {
                    if (attribute.ApplicationSyntaxReference is { } reference && reference.SyntaxTree == tree && syntax.Span.Contains(reference.Span)) roots.Add(Root(type, attribute, files, cancel));
                }
            }
        }
        Roots = roots.ToImmutable();
        _said = Roots.SelectMany(root => (root.Result?.Members ?? []).Select(inferred => (Type: _classes.Type(inferred.Class), inferred.Member, Text: $"{root.Name}: {inferred.Text}")))
            .Where(static said => said.Type is not null)
            .ToLookup(static said => said.Type, static said => (said.Member, said.Text), SymbolEqualityComparer.Default);
    }

    /// <summary>The classes.</summary>
    public ImmutableArray<ConformanceRoot> Roots { get; }

    /// <summary>What lists make of members of a class, or of the class itself, by null.</summary>
    public IEnumerable<(string? Member, string Text)> SaidOf(INamedTypeSymbol type) => _said[type];

    /// <summary>Those of a compilation.</summary>
    public static ConformanceRuns Of(Compilation compilation, ImmutableArray<AdditionalText> files, CancellationToken cancel)
    {
        // Not by the table's own call: nobody waits for work that may be cancelled.
        if (Known.TryGetValue(compilation, out var known)) return known;
        var made = new ConformanceRuns(compilation, files, cancel);
        return Known.GetValue(compilation, _ => made);
    }

    /// <summary>The annotated class behind a name that results have, where its code is that of the compilation.</summary>
    public INamedTypeSymbol? TypeHere(string name) => _classes.TypeHere(name);

    private static IReadOnlyList<TypeDeclarationSyntax> Find(SyntaxTree tree, CancellationToken cancel)
    {
        // The text first: nearly no file has one.
        if (!tree.GetText(cancel).ToString().Contains(Kind)) return [];
        return
        [
            .. tree.GetRoot(cancel).DescendantNodes().OfType<AttributeSyntax>()
                .Where(static attribute => SourceReader.LastName(attribute.Name) is Kind or Kind + "Attribute")
                .Select(static attribute => attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>()).OfType<TypeDeclarationSyntax>().Distinct(),
        ];
    }

    private ConformanceRoot Root(INamedTypeSymbol type, AttributeData attribute, ImmutableArray<AdditionalText> files, CancellationToken cancel)
    {
        var faults = ImmutableArray.CreateBuilder<(int, string)>();
        var path = attribute.Text(0);
        var file = FileOf(files, path);
        if (file?.GetText(cancel) is not { } text)
        {
            faults.Add((0, $"\"{path}\" is none of the project's AdditionalFiles: <AdditionalFiles Include=\"{path}\" />"));
            return new ConformanceRoot(type, attribute, null, null, path, null, faults.ToImmutable());
        }
        var topologies = new List<RankCount>();
        var argument = 0;
        foreach (var stated in (attribute.ConstructorArguments.Length > 1 ? attribute.ConstructorArguments[1] : default).Items().Select(static stated => stated.Value as string ?? ""))
        {
            argument++;
            if (RankCount.Read(stated) is { } ranks) topologies.Add(ranks);
            else faults.Add((argument, $"\"{stated}\" is no number of ranks: tp8 is eight tensor-parallel ones, \"tp8 ep16\" has sixteen expert-parallel ones, too"));
        }
        var list = SolvedLists.List(text, file.Path);
        var name = Identifiers.Metadata(type);
        var configuration = Configuration(attribute, files, faults, cancel);
        if (_classes.Find(name) is not { } root)
        {
            // Of a class that has no map yet rules say why; of one whose assembly is older nobody else does.
            if (KnownTypes.BasesOf(type).All(static type => type.Attribute("ParameterModuleAttribute") is null)) faults.Add((-1, $"{type.Name} has no map to compare with a list: neither it nor a class that it derives from has [ParameterModule]"));
            return new ConformanceRoot(type, attribute, file.Path, text, list.Name, null, faults.ToImmutable());
        }

        // What could not be read of the list would be said to lack.
        if (!list.IsWhole) return new ConformanceRoot(type, attribute, file.Path, text, list.Name, null, faults.ToImmutable());
        var key = $"{string.Join("|", topologies.Select(static ranks => ranks.Text))}\n{configuration?.Text}\n{_classes.TextOf(name)}";
        var result = SolvedLists.Result(text, key, () => ConformanceCheck.Run(list, root, _classes.Find, topologies, configured => configuration?.Find(configured)));
        return new ConformanceRoot(type, attribute, file.Path, text, list.Name, result, faults.ToImmutable());
    }

    private static ConfigurationFile? Configuration(AttributeData attribute, ImmutableArray<AdditionalText> files, ImmutableArray<(int, string)>.Builder faults, CancellationToken cancel)
    {
        if (attribute.Named("Config") is not string { Length: > 0 } path) return null;
        if (FileOf(files, path) is not { } file || file.GetText(cancel) is not { } text)
        {
            faults.Add((-1, $"\"{path}\" is none of the project's AdditionalFiles: <AdditionalFiles Include=\"{path}\" />"));
            return null;
        }
        if (ConfigurationFile.Read(text.ToString(), path) is { } configuration) return configuration;
        faults.Add((-1, $"\"{path}\" is no JSON"));
        return null;
    }

    /// <summary>The file with the name, or with the end of a path; the shortest path where several have it.</summary>
    private static AdditionalText? FileOf(ImmutableArray<AdditionalText> files, string path)
    {
        var wanted = path.Replace('\\', '/');
        return wanted.Length == 0 ? null : files
            .Where(file => file.Path.Replace('\\', '/') is var full && (full == wanted || full.EndsWith("/" + wanted, StringComparison.Ordinal)))
            .OrderBy(static file => file.Path.Length)
            .FirstOrDefault();
    }
}
