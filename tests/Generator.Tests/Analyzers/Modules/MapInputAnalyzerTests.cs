using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class MapInputAnalyzerTests
{
    [Theory]
    [InlineData("""[Axis] public int Heads { get; set; } = 2; void M() => {|LANY0039:Heads|} = 3;""")]
    [InlineData("""[Axis] private int _heads = 2; void M() => {|LANY0039:_heads|}++;""")]
    [InlineData("""[Axis] private int _heads = 2; void M() => int.TryParse("1", out {|LANY0039:_heads|});""")]
    [InlineData("""[Axis] public int Heads { get; set; } = 2; public Scale(Scale other) : base("s") { CreateParameters(); other.{|LANY0039:Heads|} = 3; }""")]
    [InlineData("""[Axis] public int Heads { get; set; } = 2; public Scale(int n) : base("s") { CreateParameters(); Action later = () => {|LANY0039:Heads|} = n; later(); }""")]
    [InlineData("""public Scale? Child { get; set; } void M() => {|LANY0039:Child|} = new();""")]
    [InlineData("""public ModuleList<Scale>? Layers { get; set; } void M() => ({|LANY0039:Layers|}, _) = (null, 1);""")]
    [InlineData("""public ModuleList<Scale> Layers { get; } = new(); void M() => {|LANY0039:Layers|}.Add(new());""")]
    [InlineData("""public List<Scale> Layers { get; } = []; void M() => {|LANY0039:Layers|}[0] = new();""")]
    [InlineData("""public Scale[] Layers { get; } = []; void M() => this.{|LANY0039:Layers|}[0] = new();""")]
    [InlineData("""public bool HasGate { get; set; } void M() => {|LANY0039:HasGate|} = true; [Parameter("size", When = nameof(HasGate)), FromCheckpoint("gate", "size")] public partial Parameter? Gate { get; private set; }""")]
    [InlineData("""[Axis] public int Heads { get; init; } = 2; static Scale M() => new() { {|LANY0039:Heads|} = 3 };""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<MapInputAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""[Axis] public int Heads { get; set; } = 2; public Scale(int n) : base("s") { Heads = n; CreateParameters(); }""")]
    [InlineData("""public ModuleList<Scale> Layers { get; } = new(); public Scale(int n) : base("s") { CreateParameters(); Layers.Add(new()); } int M() => Layers.Count + Layers[0].Size;""")]
    [InlineData("""public Scale? Child { get; init; } static Scale M() => new() { Child = new() };""")]
    [InlineData("""public int Calls { get; set; } void M() => Calls++;""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<MapInputAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Engine { public Scale Scale { get; set; } = new(); void M() => Scale = new(); }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<MapInputAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""void M() => {|LANY0039:HasGate|} = true;""")]
    [InlineData("""static void M(Own own) => own.{|LANY0039:HasGate|} = true;""")]
    [InlineData("""static Own M() => new() { {|LANY0039:HasGate|} = true };""")]
    [InlineData("""void M() => base.{|LANY0039:HasGate|} ^= true;""")]
    public Task Fires_on_a_condition_of_a_base_class(string code) => Verify.Analyzer<MapInputAnalyzer>(Derived(code));

    [Theory]
    [InlineData("""public Own(bool hasGate) : base("own") => HasGate = hasGate;""")]
    [InlineData("""void M(Between other) => (Calls, other.HasGate) = (1, true);""")]
    public Task Stays_quiet_on_what_else_a_base_class_has(string code) => Verify.Analyzer<MapInputAnalyzer>(Derived(code));

    private static string Derived(string code) => $$"""
        public class Between(string name) : Module(name)
        {
            public bool HasGate { get; set; }
            public int Calls { get; set; }
        }

        [ParameterModule]
        public sealed partial class Own : Between
        {
            public Own() : base("own") => CreateParameters();
            [Parameter("", When = nameof(HasGate)), FromCheckpoint("gate", "")] public partial Parameter? Gate { get; private set; }
            {{code}}
        }
        """;
}
