using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Analyzers.Conformance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Benchmarks;

/// <summary>
/// What conformance adds to an edit, where all families are compared with all lists: attributes are bound before its rules run, since all rules ask for those. One thread.
/// </summary>
internal static class EditCost
{
    private const int Edits = 12;

    /// <summary>Prints a table.</summary>
    /// <param name="sources">The folder of the families.</param>
    /// <param name="lists">The folder of the lists.</param>
    /// <param name="family">The one family that is compared; null for all.</param>
    public static async Task Print(string sources, string lists, string? family)
    {
        var trees = Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(path => Peer.Parse(Compared(File.ReadAllText(path), path), path))
            .Append(Peer.Parse("global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;", "Usings.cs"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => Path.GetFileName(path) is not ("Lanyard.Models.dll" or "Lanyard.Generator.dll")).Select(path => MetadataReference.CreateFromFile(path));
        string Compared(string text, string path) => family is null || Path.GetFileNameWithoutExtension(path) == family ? text : text.Replace("[ConformsTo(", "// [ConformsTo(", StringComparison.Ordinal);
        Compilation compilation = CSharpCompilation.Create("Models", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new ParameterModuleGenerator().AsSourceGenerator()], parseOptions: Peer.ParseOptions);
        var files = Directory.GetFiles(lists, "*.json").Select(path => (AdditionalText)new ListFile(path)).ToImmutableArray();
        var analyzers = typeof(ParameterModuleGenerator).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && typeof(DiagnosticAnalyzer).IsAssignableFrom(type))
            .OrderBy(IsConformance)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!).Prepend(new BoundFirst()).ToImmutableArray();
        var (bodies, maps) = (new List<double>(), new List<double>());
        for (var edit = 0; edit <= Edits; edit++)
        {
            // A method's body, and in turn an axis that all who have it are solved again for.
            var isMap = edit > 0 && edit % 2 == 0;
            var tree = compilation.SyntaxTrees.First(tree => tree.FilePath.EndsWith("GroupedAttention.cs", StringComparison.Ordinal));
            var text = tree.ToString();
            var (from, to) = isMap ? ("[Axis]\n    public int Half", "[Axis(Config = \"half\")]\n    public int Half") : ("using var scope", "_ = 1; using var scope");
            if (isMap && edit % 4 == 0) (from, to) = (to, from);
            if (edit > 0 && !text.Contains(from, StringComparison.Ordinal)) throw new InvalidOperationException($"{tree.FilePath} has no \"{from}\".");
            if (edit > 0) compilation = compilation.ReplaceSyntaxTree(tree, Peer.Parse(text.Replace(from, to, StringComparison.Ordinal), tree.FilePath));
            driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
            var (read, solved) = (SolvedLists.Read, SolvedLists.Solved);
            var result = await output.WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(new AnalyzerOptions(files), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true)).GetAnalysisResultAsync(CancellationToken.None);
            var times = result.AnalyzerTelemetryInfo.ToLookup(one => IsConformance(one.Key.GetType()), one => one.Value.ExecutionTime.TotalMilliseconds);
            var own = times[true].Sum();
            if (edit > 2) (isMap ? maps : bodies).Add(own);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(edit == 0 ? "cold" : isMap ? "a map" : "a body"),-7} conformance {own,7:F1} ms  other rules {times[false].Sum(),7:F1} ms  lists read {SolvedLists.Read - read,3}  solved {SolvedLists.Solved - solved,3}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median of edits in a body {Median.Of(bodies):F1} ms, in a map {Median.Of(maps):F1} ms"));
    }

    private static bool IsConformance(Type type) => type.Namespace == typeof(SolvedLists).Namespace;

#pragma warning disable RS1001, RS1012, RS1038 // Not shipped.
    private sealed class BoundFirst : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [new("BOUND", "Bound", "Bound", "Benchmark", DiagnosticSeverity.Hidden, true)];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterCompilationStartAction(start => Bind(start.Compilation.Assembly.GlobalNamespace));
        }

        private static void Bind(INamespaceOrTypeSymbol symbol)
        {
            foreach (var member in symbol.GetMembers())
            {
                member.GetAttributes();
                if (member is INamespaceOrTypeSymbol inner) Bind(inner);
            }
        }
    }
#pragma warning restore

    private sealed class ListFile(string path) : AdditionalText
    {
        private readonly Microsoft.CodeAnalysis.Text.SourceText _text = Microsoft.CodeAnalysis.Text.SourceText.From(File.ReadAllText(path));

        public override string Path => path;

        public override Microsoft.CodeAnalysis.Text.SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }
}
