using System.Collections.Immutable;
using System.Reflection;
using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Conformance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>What is added to a class where the tensors of its list are to be left alone. It is offered in the list, which the library for tests of fixes does not know.</summary>
public sealed class LeaveAloneFixTests
{
    [Theory]
    [InlineData("embed.bias", "embed.bias")]
    [InlineData("layers.{0..3}.rotary.inv_freq", "layers.*.rotary.inv_freq")]
    [InlineData("layers.{0..3}.experts.{0..15}.up.bias", "layers.*.experts.*.up.bias")]
    public Task The_class_that_conforms_gets_a_pattern(string name, string pattern) => Fixed(
        SmallDecoder.Code,
        SmallDecoder.Replaced(SmallDecoder.Code, "[ConformsTo(\"list.tensors.json\")]\n", $"[ConformsTo(\"list.tensors.json\")]\n[Ignore(\"{pattern}\")]\n"),
        name,
        $"Leave them alone: [Ignore(\"{pattern}\")]");

    [Fact]
    public Task It_stands_below_the_last_attribute_as_that_does()
    {
        const string Before = """
            public static partial class Around
            {
                /// <summary>A projection.</summary>
                [ParameterModule, ConformsTo("list.tensors.json")] // of a paper
                public sealed partial class Projection : Module
                {
                    public Projection() : base("projection") => CreateParameters();
                }
            }
            """;
        return Fixed(Before, Before.Replace("// of a paper\n", "// of a paper\n    [Ignore(\"bias\")] // of a paper\n", StringComparison.Ordinal), "bias", "Leave them alone: [Ignore(\"bias\")]");
    }

    private static async Task Fixed(string before, string after, string name, string title)
    {
        using var workspace = new AdhocWorkspace();
        var list = SmallDecoder.Replaced(SmallDecoder.List, "\n  ]", $",\n    {{\"name\": \"{name}\", \"dtype\": \"BF16\", \"shape\": [1]}}\n  ]");
        if (before != SmallDecoder.Code) list = OneModule.List($"{name} 1");
        var project = workspace.AddProject("Author", LanguageNames.CSharp)
            .WithParseOptions(AuthorProject.ParseOptions)
            .WithCompilationOptions(AuthorProject.CompilationOptions)
            .WithMetadataReferences(AuthorProject.References)
            .AddAnalyzerReference(Loaded.Generator)
            .AddDocument("Usings.cs", Verify.Usings).Project
            .AddDocument("Model.cs", before, filePath: "Model.cs").Project;
        var file = project.AddAdditionalDocument(SmallDecoder.File, SourceText.From(list), filePath: SmallDecoder.File);

        var found = Assert.Single(await Found(file.Project));
        var offered = new List<CodeAction>();
        await new LeaveAloneFix().RegisterCodeFixesAsync(new CodeFixContext(file, found, (action, _) => offered.Add(action), CancellationToken.None));
        var action = Assert.Single(offered);
        Assert.Equal(title, action.Title);
        var change = Assert.IsType<ApplyChangesOperation>(Assert.Single(await action.GetOperationsAsync(CancellationToken.None)));
        var mended = change.ChangedSolution.GetProject(project.Id)!;
        Assert.Equal(after, $"{await mended.Documents.Single(document => document.Name == "Model.cs").GetTextAsync()}");
        Assert.Empty(await Found(mended));
    }

    // As an editor asks for what is wrong in a file: a fix is offered for nothing else.
    private static async Task<ImmutableArray<Diagnostic>> Found(Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var (analyzer, file) = (new UnexpectedTensorAnalyzer(), Assert.Single(project.AnalyzerOptions.AdditionalFiles));
        var result = await compilation.WithAnalyzers([analyzer], project.AnalyzerOptions).GetAnalysisResultAsync(file, CancellationToken.None);
        return result.AdditionalFileDiagnostics.TryGetValue(file, out var found) ? found[analyzer] : [];
    }

    /// <summary>Gives the generator that is loaded.</summary>
    private sealed class Loaded : IAnalyzerAssemblyLoader
    {
        public static AnalyzerFileReference Generator { get; } = new(typeof(ParameterModuleGenerator).Assembly.Location, new Loaded());

        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => typeof(ParameterModuleGenerator).Assembly;
    }
}
