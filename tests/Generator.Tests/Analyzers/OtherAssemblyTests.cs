using System.Collections.Immutable;
using Lanyard.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>The rules hold for classes of another assembly, of which only the metadata is known.</summary>
public sealed class OtherAssemblyTests
{
    private static readonly MetadataReference Library = Compile(new EmitOptions());

    private static readonly MetadataReference ForReference = Compile(new EmitOptions(metadataOnly: true, includePrivateMembers: false));

    [Theory]
    [InlineData("LANY0020", "class E { void M(Scale scale) => scale.Weight = new Parameter(torch.zeros(4)); }")]
    [InlineData("LANY0020", "class E { Scale M() => new() { Weight = new Parameter(torch.zeros(4)) }; }")]
    [InlineData("LANY0020", "class E : Scale { void M() => CreateParameters(); }")]
    [InlineData("LANY0023", "class E { void M(Scale scale) => scale.Weight.set_(torch.zeros(1)); }")]
    [InlineData("LANY0024", "class E : Scale { Tensor? _held = null; }")]
    [InlineData("LANY0025", "class E { void M(Scale scale) => scale.register_parameter(\"x\", new Parameter(torch.zeros(4))); }")]
    [InlineData("LANY0025", "class E : Scale { protected override void RegisterComponents() { } }")]
    [InlineData("LANY0026", "class E { void M(Scale scale) => scale.Parameters.Accept(0, new Parameter(torch.zeros(4))); }")]
    [InlineData("LANY0028", "class E : Scale { public new int Weight => 1; }")]
    [InlineData("LANY0032", "class E { void M(Scale scale) => scale.Weight.Dispose(); }")]
    [InlineData("LANY0033", "class E : Scale { object M() => MemberwiseClone(); }")]
    [InlineData("LANY0034", "class E { void M(Scale scale) => scale.P(); }")]
    [InlineData("LANY0035", "class E { void M(Scale scale) => scale.Weight.add_(1); }")]
    [InlineData("LANY0036", "class E { void M(Scale scale) => scale.load_state_dict([]); }")]
    [InlineData("LANY0037", "class E : Scale { Linear? _held = null; }")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : Held;")]
    [InlineData("LANY0038", "class E { void M(Scale scale) => scale.Weight = scale.Bias; }")]
    [InlineData("LANY0039", "class E { void M(Scale scale) => scale.Heads = 2; }")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : Hidden;")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : HiddenList;")]
    [InlineData("LANY0037", "[ParameterModule] partial class E() : HiddenOf<Linear>(nn.Linear(2, 2));")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : Shown;")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : ShownOf<Linear>;")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : ShownOf<Linear>.Inner;")]
    [InlineData("LANY0024", "[ParameterModule] partial class E() : HiddenOf<Tensor>(torch.zeros(2));")]
    [InlineData("LANY0024", "[ParameterModule] partial class E : HiddenTensor;")]
    [InlineData("LANY0043", "[ParameterModule] partial class E() : Module(\"e\") { [Axis] private const int N = 2; [Parameter(\"n\"), FromCheckpoint(\"w\", \"n\", Encoding = typeof(Twice))] public partial Parameter? W { get; private set; } }")]
    public async Task A_rule_holds(string id, string code) => Assert.Contains(await Found(code), diagnostic => diagnostic.Id == id);

    /// <summary>Such an assembly, which projects see of each other, has no private fields.</summary>
    [Theory]
    [InlineData("LANY0037", "[ParameterModule] partial class E : Held;")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : HiddenList;")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : Shown;")]
    [InlineData("LANY0037", "[ParameterModule] partial class E : ShownOf<Linear>;")]
    [InlineData("LANY0037", "[ParameterModule] abstract partial class E : Looking;")]
    public async Task A_rule_holds_for_an_assembly_that_is_there_for_reference_alone(string id, string code) =>
        Assert.Equal([id], (await Found(code, ForReference)).Select(diagnostic => diagnostic.Id));

    [Theory]
    [InlineData("class E { object M(Scale scale) => scale.Weight + scale.Parameters.Bias.Value; }")]
    [InlineData("class E : Scale { public int Volume => Heads; }")]
    [InlineData("[ParameterModule] abstract partial class E : Looking;")]
    [InlineData("""[ParameterModule] sealed partial class E : Sized { public E() => CreateParameters(); [Axis] public override int Size => 4; [Parameter("size")] public partial Parameter W { get; private set; } [PostLoad] void P() => W = new Parameter(Cut(torch.zeros(8)), requires_grad: false); }""")]
    public async Task Nothing_is_reported(string code) => Assert.Empty(await Found(code));

    private static async Task<ImmutableArray<Diagnostic>> Found(string code, MetadataReference? library = null)
    {
        var compilation = Complete(Project("Engine", code).AddReferences(library ?? Library));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var analyzers = typeof(HelpLinks).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);
        return await compilation.WithAnalyzers([.. analyzers]).GetAnalyzerDiagnosticsAsync();
    }

    private static MetadataReference Compile(EmitOptions options)
    {
        var project = Project("Layers", Layer.With("[Axis] public int Heads { get; set; } = 1; [PostLoad] public void P() => Weight = New(Weight);", after: """
            [Codes("w", CodeType.Int), Value("code * twice")] public static class Twice;
            public class Held() : Module("held") { public Linear Proj { get; } = nn.Linear(2, 2); }
            public class Hidden() : Module("hidden") { private readonly Linear _proj = nn.Linear(2, 2); public Tensor Run(Tensor x) => _proj.call(x); }
            public class HiddenList() : Module("hidden") { private readonly List<Linear> _all = []; public IReadOnlyList<Linear> All => _all; }
            public class HiddenOf<T>(T value) : Module("hidden") { private readonly T[] _all = [value]; public int Count => _all.Length; }
            public class HiddenTensor() : Module("hidden") { private readonly Tensor _mask = zeros(2); public Tensor Run(Tensor x) => x * _mask; }
            public class Shown() : Module("shown") { protected List<Linear> All = []; }
            public class ShownOf<T>() : Module("shown") where T : Module { protected T? One = null; public class Inner : ShownOf<T> { } }
            public abstract class Looking() : Module("looking") { public Linear First => All[0]; public abstract Linear[] All { get; } }
            public abstract class Sized() : Module("sized") { public abstract int Size { get; } public Tensor Cut(Tensor value) => value[..Size]; }
            """));
        using var image = new MemoryStream();
        Assert.Empty(Complete(project).Emit(image, options: options).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static Compilation Complete(Compilation project)
    {
        CSharpGeneratorDriver.Create([new ParameterModuleGenerator().AsSourceGenerator()], parseOptions: AuthorProject.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(project, out var compilation, out _);
        return compilation;
    }

    private static CSharpCompilation Project(string name, string code) => CSharpCompilation.Create(
        name,
        [CSharpSyntaxTree.ParseText(code, AuthorProject.ParseOptions), CSharpSyntaxTree.ParseText(Verify.Usings, AuthorProject.ParseOptions)],
        AuthorProject.References,
        AuthorProject.CompilationOptions);
}
