using System.Collections.Immutable;
using Lanyard.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>Every rule has a page and every page a rule; what a page shows as wrong is reported by that rule alone, and what it shows as right by none.</summary>
public sealed class RulePageTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(HelpLinks).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly Dictionary<string, DiagnosticDescriptor> Rules =
        Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id).ToDictionary(rule => rule.Id);

    private static readonly string Root = Harness.Folder("RepositoryDirectory");

    public static TheoryData<string> Pages => [.. RulePage.All.Keys.Order()];

    [Fact]
    public void Every_rule_has_a_page_and_every_page_a_rule() => Assert.Equal(Rules.Keys.Order(), RulePage.All.Keys.Order());

    [Fact]
    public void The_list_names_every_rule()
    {
        var list = File.ReadAllText(Path.Combine(RulePage.Directory, "README.md"));
        Assert.All(Rules.Values, rule => Assert.Contains($"| [{rule.Id}]({rule.Id}.md) | {rule.Title} | {Severity(rule)} |", list));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_of_its_rule(string id)
    {
        Assert.Equal($"{id}: {Rules[id].Title}", RulePage.All[id].Title);
        Assert.Equal(["What", "Why", "Wrong", "Right"], RulePage.All[id].Sections.Take(4));
        Assert.Equal(HelpLinks.Of(id), Rules[id].HelpLinkUri);
        Assert.Equal("Lanyard", Rules[id].Category);
        if (Rules[id].DefaultSeverity == DiagnosticSeverity.Error) Assert.Equal(Tags.Invariant, Rules[id].CustomTags);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_and_the_list_lead_to_the_file_of_the_rule_and_its_tests_are_in_the_same_room(string id)
    {
        const string rooms = "src/Generator/Analyzers/";
        var file = RulePage.All[id].File;
        Assert.StartsWith(rooms, file);
        Assert.Contains($"public const string Id = \"{id}\";", File.ReadAllText(Path.Combine(Root, file)));

        var place = file[rooms.Length..];
        Assert.Matches("^[A-Za-z]+/[A-Za-z]+Analyzer[.]cs$", place);
        Assert.Contains(File.ReadLines(Path.Combine(RulePage.Directory, "README.md")), line =>
            line.StartsWith($"| [{id}]", StringComparison.Ordinal) && line.EndsWith($" | `{place}` |", StringComparison.Ordinal));

        var type = typeof(HelpLinks).Assembly.GetType("Lanyard.Generator.Analyzers." + Path.ChangeExtension(place, null).Replace('/', '.'));
        Assert.Contains(Analyzers, analyzer => analyzer.GetType() == type && analyzer.SupportedDiagnostics.Single().Id == id);
        Assert.True(File.Exists(Path.Combine(Root, "tests/Generator.Tests/Analyzers", Path.ChangeExtension(place, null) + "Tests.cs")), place);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Its_rule_alone_reports_what_is_wrong(string id)
    {
        var examples = RulePage.All[id].Examples("Wrong");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var (found, _) = await Compile(id, example);
            Assert.True(found.Length > 0 && found.All(diagnostic => diagnostic.Id == id), $"Expected {id} alone, found:\n{string.Join("\n", found)}\nin\n{example.Code}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Nothing_reports_what_is_right(string id)
    {
        var examples = RulePage.All[id].Examples("Right");
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var (found, errors) = await Compile(id, example);
            Assert.True(found.IsEmpty && errors.IsEmpty, $"Expected nothing, found:\n{string.Join("\n", found.Concat(errors))}\nin\n{example.Code}");
        }
    }

    private static string Severity(DiagnosticDescriptor rule) => rule.IsEnabledByDefault ? rule.DefaultSeverity.ToString().ToLowerInvariant() : "off";

    private static async Task<(ImmutableArray<Diagnostic> Found, ImmutableArray<Diagnostic> Errors)> Compile(string id, RuleExample example)
    {
        var options = RulePage.Options(example.Code);
        Compilation compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(example.Code, options, "Example.cs"), CSharpSyntaxTree.ParseText(Verify.Usings, options, "Usings.cs")],
            AuthorProject.References,
            // Of the rules that are off by default, a page's own alone is on.
            Rules[id].IsEnabledByDefault ? AuthorProject.CompilationOptions : AuthorProject.CompilationOptions.WithSpecificDiagnosticOptions([new(id, ReportDiagnostic.Warn)]));
        CSharpGeneratorDriver.Create([new ParameterModuleGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        var all = await compilation.WithAnalyzers(Analyzers, new AnalyzerOptions(example.Files)).GetAllDiagnosticsAsync();
        return (
            // What is shown where nothing is wrong is no fault of an example, but of the page about it.
            [.. all.Where(diagnostic => (diagnostic.Id.StartsWith("LANY", StringComparison.Ordinal) || diagnostic.Id == "AD0001") && (diagnostic.Id == id || diagnostic.Severity > DiagnosticSeverity.Info))],
            [.. all.Where(diagnostic => diagnostic.Id.StartsWith("CS", StringComparison.Ordinal) && diagnostic.Severity == DiagnosticSeverity.Error)]);
    }
}
