using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Architecture.Tests;

/// <summary>Compares the files of a project with its plan.</summary>
internal static class ProjectReview
{
    // What the generators of the SDK write is not there. These errors name a member that is missing in a type that was found: no use hides behind them.
    private static readonly string[] MissingHalves = ["CS0117", "CS0534", "CS7036", "CS8795"];

    // What users catch has one base in one namespace, whatever its project and folder.
    private const string Exceptions = "LanyardException";
    private const string ExceptionSpace = "Lanyard";

    /// <summary>Everything that is not as the plan says, each in a sentence.</summary>
    public static IReadOnlyList<string> Faults(ProjectPlan plan, IReadOnlyList<SourceFile> files)
    {
        var (compilation, trees) = ProjectCompilation.Of(plan, files);
        var uses = new SourceUses(compilation, trees).Find();
        return
        [
            .. Unread(compilation),
            .. OutOfLine(new FolderLine(plan.Line), ".", files, uses),
            .. plan.Within.SelectMany(within => OutOfLine(new FolderLine(within.Value), within.Key, files, uses)),
            .. trees.Where(tree => !tree.Value.IsLinked).SelectMany(tree => Misnamed(plan, compilation.GetSemanticModel(tree.Key), tree.Value)),
        ];
    }

    // A name that the compiler does not know may be a use that nobody sees.
    private static IEnumerable<string> Unread(Compilation compilation) =>
        from diagnostic in compilation.GetDiagnostics()
        where diagnostic.Severity == DiagnosticSeverity.Error && !MissingHalves.Contains(diagnostic.Id)
        let line = diagnostic.Location.GetLineSpan()
        select $"{line.Path}, line {line.StartLinePosition.Line + 1}, does not compile here: {diagnostic.Id} {diagnostic.GetMessage(null)}";

    private static IEnumerable<string> OutOfLine(FolderLine line, string within, IReadOnlyList<SourceFile> files, IReadOnlyList<Use> uses)
    {
        var folders = files.Where(file => IsIn(file.Folder, within)).GroupBy(file => Within(file.Folder, within)).ToList();
        var (of, at) = within == "." ? ("", ".") : ($" of {within}", within);
        foreach (var folder in folders)
        {
            if (line.Holding(folder.Key) is null) yield return $"No list names the folder {folder.Key}{of}, where {folder.First().Path} lies";
        }
        foreach (var listed in line.Folders.Where(listed => !folders.Exists(folder => line.Holding(folder.Key) == listed)))
            yield return $"The list names the folder {listed}{of}, where nothing lies";

        var forbidden =
            from use in uses
            where IsIn(use.User.Folder, at) && IsIn(use.Used.Folder, at)
            let user = line.Holding(Within(use.User.Folder, within))
            let used = line.Holding(Within(use.Used.Folder, within))
            where user is not null && used is not null && !line.Allows(user, used)
            group use by (User: user, Used: used);
        foreach (var pair in forbidden)
        {
            var first = pair.OrderBy(static use => use.IsNamespace).First();
            yield return $"{pair.Key.User} may not use {pair.Key.Used}{of}: {first.By} ({first.User.Path}, line {first.Line}) uses {(first.IsNamespace ? "the namespace " : "")}{first.What} ({first.Used.Path})";
        }
    }

    private static bool IsIn(string folder, string within) => within == "." || folder == within || folder.StartsWith(within + "/", StringComparison.Ordinal);

    private static string Within(string folder, string within) => within == "." ? folder : folder == within ? "." : folder[(within.Length + 1)..];

    private static IEnumerable<string> Misnamed(ProjectPlan plan, SemanticModel model, SourceFile file)
    {
        var own = file.Folder == "." ? plan.Namespace : $"{plan.Namespace}.{file.Folder.Replace('/', '.')}";
        var types =
            from member in model.SyntaxTree.GetRoot().DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>()
            where member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
            select (INamedTypeSymbol)model.GetDeclaredSymbol(member)!;
        foreach (var type in types)
        {
            var space = type.ContainingNamespace.ToDisplayString();
            if (type.DeclaredAccessibility == Accessibility.Public && Bases(type).Contains("System.Exception"))
            {
                if (type.Name != Exceptions && !Bases(type).Contains($"{ExceptionSpace}.{Exceptions}")) yield return $"{type.Name} ({file.Path}) is an exception, and not a {Exceptions}";
                if (space != ExceptionSpace) yield return $"{type.Name} ({file.Path}) is in {space}, and not in {ExceptionSpace} with all exceptions";
                continue;
            }
            IReadOnlyList<string> expected = type.DeclaredAccessibility == Accessibility.Public && plan.Public.Count > 0 ? plan.Public : [own];
            if (!expected.Contains(space)) yield return $"{type.Name} ({file.Path}) is in {space}, and not in {string.Join(" or ", expected)}";
        }
    }

    private static IEnumerable<string> Bases(INamedTypeSymbol type)
    {
        for (var above = type.BaseType; above is not null; above = above.BaseType) yield return above.ToDisplayString();
    }
}
