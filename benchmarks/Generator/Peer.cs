extern alias runtime;

using System.Collections.Immutable;
using System.Reflection;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Benchmarks;

/// <summary>A generator and the 1,000 classes of 4 members that it is given.</summary>
internal sealed record Peer(string Name, ISourceGenerator Generator, Func<int, string> Source, ImmutableArray<MetadataReference> References)
{
    public const int Classes = 1000;

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp14);

    public static IEnumerable<Peer> All()
    {
        ImmutableArray<MetadataReference> torch = [MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location), MetadataReference.CreateFromFile(typeof(runtime::Lanyard.Topology).Assembly.Location)];
        yield return new("floor: attribute look-up alone", new FloorGenerator().AsSourceGenerator(), Layer, torch);
        yield return new("Lanyard", new ParameterModuleGenerator().AsSourceGenerator(), Layer, torch);
        var mvvm = Folder("Mvvm");
        yield return new("CommunityToolkit.Mvvm, ObservableProperty", Load(Path.Combine(mvvm, "analyzers", "dotnet", "roslyn5.0", "cs"), "ObservablePropertyGenerator"), ViewModel, [MetadataReference.CreateFromFile(Directory.GetFiles(mvvm, "CommunityToolkit.Mvvm.dll", SearchOption.AllDirectories).Order().Last(path => path.Contains("net8.0", StringComparison.Ordinal)))]);
        yield return new("Mapperly", Load(Path.Combine(Folder("Mapperly"), "analyzers", "roslyn5.0", "dotnet", "cs"), "MapperGenerator"), Mapper, [MetadataReference.CreateFromFile(Directory.GetFiles(Folder("Mapperly"), "Riok.Mapperly.Abstractions.dll", SearchOption.AllDirectories).Order().Last())]);
    }

    /// <summary>A compilation of freshly parsed files.</summary>
    public CSharpCompilation Compile() => CSharpCompilation.Create(
        "Author",
        Enumerable.Range(0, Classes).Select(i => Parse(Source(i), $"Class{i}.cs")).Append(Parse("class Elsewhere { int Number => 0; }", "Elsewhere.cs")),
        [.. Net100.References.All, .. References],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, ParseOptions, path);

    private static string Layer(int i) => $$"""
        using Lanyard; using TorchSharp.Modules; using static TorchSharp.torch; using static TorchSharp.torch.nn;
        namespace Models;
        [ParameterModule]
        public sealed partial class Layer{{i}} : Module<Tensor, Tensor>
        {
            public Layer{{i}}() : base("layer") => CreateParameters();
            [Axis(Shard.Tensor)] public int Out => 8;
            [Axis] public int In => 4;
            [Parameter("out in")] [FromCheckpoint("q.weight", "out in")] public partial Parameter Q { get; private set; }
            [Parameter("out in")] [FromCheckpoint("k.weight", "in out")] public partial Parameter K { get; private set; }
            [Parameter("out in")] [FromCheckpoint("v.weight", "out in")] public partial Parameter V { get; private set; }
            [Parameter("out")] [FromCheckpoint("norm.weight", "out")] public partial Parameter Norm { get; private set; }
            [PostLoad] private void Double() => Norm = new Parameter(Norm * 2);
            public override Tensor forward(Tensor input) => input;
        }
        """;

    private static string ViewModel(int i) => $$"""
        using CommunityToolkit.Mvvm.ComponentModel;
        namespace Models;
        public sealed partial class View{{i}} : ObservableObject
        {
            [ObservableProperty] public partial string Q { get; set; }
            [ObservableProperty] public partial string K { get; set; }
            [ObservableProperty] public partial string V { get; set; }
            [ObservableProperty] public partial string Norm { get; set; }
        }
        """;

    private static string Mapper(int i) => $$"""
        using Riok.Mapperly.Abstractions;
        namespace Models;
        public sealed record From{{i}}(string Q, string K, string V, string Norm);
        public sealed record To{{i}}(string Q, string K, string V, string Norm);
        [Mapper] public partial class Mapper{{i}} { public partial To{{i}} Map(From{{i}} from); }
        """;

    private static string Folder(string name) => typeof(Peer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;

    private static ISourceGenerator Load(string folder, string type)
    {
        var loader = new AssemblyLoader();
        return Directory.GetFiles(folder, "*.dll")
            .SelectMany(path => new AnalyzerFileReference(path, loader).GetGenerators(LanguageNames.CSharp))
            .First(generator => generator.GetGeneratorType().Name == type);
    }

    private sealed class AssemblyLoader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
