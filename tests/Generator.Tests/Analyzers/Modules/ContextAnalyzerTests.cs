using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class ContextAnalyzerTests
{
    [Theory]
    [InlineData("""public Scale(Topology? {|LANY0052:topology|}) : base("s") => CreateParameters();""")]
    [InlineData("""public Scale(Topology topology, ScalarType? {|LANY0052:type|} = null) : base("s") => CreateParameters(topology);""")]
    [InlineData("""public Scale(Topology topology, ScalarType {|LANY0052:type|}, Device? {|LANY0052:device|}) : base("s") { CreateParameters(topology); }""")]
    [InlineData("""public Scale(Topology {|LANY0052:topology|}) : base("s") { _kept = topology; CreateParameters(); } Topology _kept;""")]
    [InlineData("""public partial Scale(Topology topology); public partial Scale(Topology {|LANY0052:topology|}) : base("s") { CreateParameters(); }""")]
    public Task Fires_on_what_is_kept(string code) => Verify.Analyzer<ContextAnalyzer>(Layer.With(code));

    [Fact]
    public Task Fires_on_a_primary_constructor() => Verify.Analyzer<ContextAnalyzer>(Layer.With(
        "", after: """[ParameterModule] partial class Parent(Topology {|LANY0052:topology|}) : Module("p") { Scale Child { get; } = new(); }"""));

    [Theory]
    [InlineData("""public Scale(Topology? topology, ScalarType? type, Device? device) : base("s") => CreateParameters(topology, type, device);""")]
    [InlineData("""public Scale(Topology? topology) : this() { Use(topology); } static void Use(Topology? topology) { }""")]
    [InlineData("""public Scale(Topology? topology) : this(topology, 1) { } public Scale(Topology? topology, int n) : base("s") => CreateParameters(topology);""")]
    [InlineData("""public Scale(Topology? topology) : base("s") => CreateParameters(topology?.OfLayer(0, 2));""")]
    [InlineData("""public Scale(int topology) : base("s") { }""")]
    public Task Stays_quiet_on_what_is_handed_on(string code) => Verify.Analyzer<ContextAnalyzer>(Layer.With(code));

    [Fact]
    public Task Stays_quiet_on_a_class_that_hands_it_to_its_children() => Verify.Analyzer<ContextAnalyzer>(Layer.With(
        """public Scale(Topology topology) : base("s") => CreateParameters(topology);""",
        after: """[ParameterModule] partial class Parent : Module { public Parent(Topology topology) : base("p") { Child = new(topology); RegisterComponents(); } Scale Child { get; } }"""));

    [Fact]
    public Task Stays_quiet_on_a_class_without_parameters_and_children() => Verify.Analyzer<ContextAnalyzer>(
        """[ParameterModule] partial class Table : Module { private readonly Device _device; public Table(Device device) : base("t") => _device = device; }""");
}
