using System.Globalization;
using Lanyard.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>Who makes a mistake can mend it from the message alone: it shows what to write.</summary>
public sealed class MessageTests
{
    [Theory]
    [InlineData(
        "LANY0009",
        """[Parameter("(q: heads dim + k: kv dim + v: kv dim) hidden"), FromCheckpoint("q_proj.weight", "(heads dim) hidden"), FromCheckpoint("k_proj.weight", "(kv dim) hidden", Part = "k"), FromCheckpoint("v_proj.weight", "(kv dim) hidden", Part = "v")]""",
        """Name the part of the parameter in which it lies: [FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "q")].""")]
    [InlineData(
        "LANY0009",
        """[Parameter("(q: heads dim + k: kv dim + v: kv dim) hidden"), FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "q"), FromCheckpoint("keys", "(kv dim) hidden"), FromCheckpoint("v_proj.weight", "(kv dim) hidden", Part = "v")]""",
        """[FromCheckpoint("keys", "(kv dim) hidden", Part = "k")], or Part = "v".""")]
    [InlineData(
        "LANY0009",
        """[Parameter("(q: heads dim + k: kv dim) hidden"), FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "k"), FromCheckpoint("k_proj.weight", "(kv dim) hidden", Part = "k")]""",
        """Name the part of the parameter in which it lies: [FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "q")].""")]
    [InlineData("LANY0009", """[Parameter("heads hidden"), FromCheckpoint("w", "hidden")]""", """The source lacks "heads".""")]
    [InlineData(
        "LANY0017",
        """[Parameter("(heads dim + kv dim) hidden"), FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "q"), FromCheckpoint("k_proj.weight", "(kv dim) hidden", Part = "k")]""",
        """tag its parts: [Parameter("(q: heads dim + k: kv dim) hidden")]""")]
    [InlineData(
        "LANY0017",
        """[Parameter("(heads dim + kv dim + kv dim) hidden"), FromCheckpoint("q_proj.weight", "(heads dim) hidden", Part = "q"), FromCheckpoint("k_proj.weight", "(kv dim) hidden", Part = "k"), FromCheckpoint("v_proj.weight", "(kv dim) hidden", Part = "v")]""",
        """tag its parts: [Parameter("(q: heads dim + k: kv dim + v: kv dim) hidden")]""")]
    [InlineData("LANY0017", """[Parameter("heads hidden"), FromCheckpoint("w", "heads hidden", Part = "q")]""", "\"heads hidden\" has no parts, and neither has \"heads hidden\"; remove \"Part\".")]
    [InlineData(
        "LANY0008",
        """[Parameter("hidden"), FromCheckpoint("model.layers.{layer}.norm.weight", "hidden")]""",
        """write "norm.weight": names begin at the module itself, and the list that holds it gives what stands before, with the number""")]
    [InlineData("LANY0010", """[Parameter("hidden"), FromCheckpoint("w", "hidden"), FromCheckpoint("v", "hidden")]""", """Where a file has the one or the other, state a "Format" for each.""")]
    [InlineData("LANY0010", """[Parameter("hidden"), FromCheckpoint("w", "hidden"), FromCheckpoint("w", "hidden")]""", """and "w" as "hidden" gives it again..""")]
    [InlineData("LANY0017", """[Parameter("hidden", When = "is_wide"), FromCheckpoint("w", "hidden")]""", "; did you mean nameof(IsWide)?")]
    [InlineData("LANY0017", """[Parameter("hidden", When = "!IsWide"), FromCheckpoint("w", "hidden")]""", """; it names a member and computes nothing: declare "bool NotIsWide => !IsWide;".""")]
    [InlineData("LANY0017", """[Parameter("hidden", When = "Hidden"), FromCheckpoint("w", "hidden")]""", "of type bool that an instance can be asked for.")]
    [InlineData("LANY0017", """[Parameter("hidden"), FromCheckpoint("layers.*.norm.weight", "hidden")]""", """it begins at "Attention" itself, as in "weight",""")]
    [InlineData("LANY0008", """[Parameter("hidden"), FromCheckpoint("norm.weight", "hiden")]""", """did you mean "hidden"?""")]
    public async Task Of_a_parameter(string rule, string attributes, string expected) => Assert.Contains(
        await Found(rule, $$"""
            [ParameterModule] public partial class Attention() : Module("attention")
            {
                [Axis] public int Heads => 2;
                [Axis] public int Kv => 2;
                [Axis] public int Dim => 3;
                [Axis] public int Hidden => 5;
                public bool IsWide => true;
                {{attributes}}
                public partial Parameter W { get; private set; }
            }
            """),
        message => (message + ".").Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData(
        """public class Louder : Scale { public Scale Inner { get; } = new(); }""",
        "\"Louder\" has no [ParameterModule], and a class without it adds no children to those of \"Scale\": declare the property there, or annotate \"Louder\".")]
    [InlineData(
        """public class Louder : Scale { private object? _inner; public void Set(Scale scale) => _inner = scale; }""",
        "\"Louder\" has no [ParameterModule], and a class without it adds no children to those of \"Scale\": declare the property there, or annotate \"Louder\".")]
    [InlineData(
        """public class Plain<T>(T inner) : Module("p") where T : Module { protected readonly T _inner = inner; } [ParameterModule] public partial class Own() : Plain<Scale>(new Scale());""",
        """The generator does not read "Plain": make it abstract there, "public abstract Scale Inner { get; }", and override it in "Own".""")]
    [InlineData(
        """public class Plain() : Module("p") { public ModuleList<Scale> Layers { get; } = new(); } [ParameterModule] public partial class Own : Plain;""",
        """make it abstract there, "public abstract ModuleList<Scale> Layers { get; }", and override it in "Own".""")]
    [InlineData(
        """[ParameterModule] public partial class Own() : Module("o") { private readonly Scale _inner = new(); }""",
        """Make it a property of the annotated class, of a module type or of a list of modules""")]
    [InlineData(
        """[ParameterModule] public partial class Own() : Module("o") { private readonly Linear _proj = Linear(2, 2); }""",
        "Declare a [Parameter] for each of its weights: TorchSharp's Linear is refused as a child, too.")]
    public async Task Of_a_child(string code, string expected) => Assert.Contains(await Found("LANY0037", Layer.With("", after: code)), message => message.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("""public override Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null) => base.state_dict(destination, prefix);""", "Give the member another name.")]
    [InlineData("""public void Add() => register_parameter("extra", new Parameter(zeros(2)));""", "Declare a property.")]
    public async Task Of_the_registry(string members, string expected) => Assert.EndsWith(expected, Assert.Single(await Found("LANY0025", Layer.With(members))), StringComparison.Ordinal);

    private static async Task<List<string>> Found(string rule, string source)
    {
        Harness.Driver().RunGeneratorsAndUpdateCompilation(Harness.Compile(source), out var compilation, out _);
        var analyzers = typeof(HelpLinks).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)
            .Where(analyzer => analyzer.SupportedDiagnostics.Any(descriptor => descriptor.Id == rule));
        return [.. (await compilation.WithAnalyzers([.. analyzers]).GetAnalyzerDiagnosticsAsync()).Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture))];
    }
}
