using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class GeneratedOnlyAnalyzerTests
{
    [Fact]
    public Task Fires_on_accepting() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        """void M(Parameter p) => Parameters.{|LANY0026:Accept|}(0, p);"""));

    [Fact]
    public Task Fires_on_reading() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        "", after: """class Engine { object M(Scale scale) => scale.Parameters.{|LANY0026:Read|}(0, null); }"""));

    [Fact]
    public Task Fires_on_implementing() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        "", after: """class {|LANY0026:Fake|} : IParameterModule { public ParameterSet Parameters => throw new Exception(); }"""));

    [Fact]
    public Task Stays_quiet_on_what_engines_use() => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale scale) { _ = scale.Parameters.Weight.Layout; scale.BeginRefit().Dispose(); } }"""));

    [Theory]
    [InlineData("""void M() { Func<int, Parameter, Parameter> accept = Parameters.{|LANY0026:Accept|}; accept(0, Bias); }""")]
    [InlineData("""void M() => Parameters.{|LANY0026:Create|}(Topology.Single, ScalarType.Float32, torch.CPU);""")]
    [InlineData("""void M() => Parameters.{|LANY0026:Move|}(null, null, (p, _) => p);""")]
    [InlineData("""void M() => ModuleMoves.{|LANY0026:To|}(this, null, null, false);""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Engine { void M(ParameterSet set, Parameter p) => set.{|LANY0026:Accept|}(0, p); }""")]
    [InlineData("""abstract class {|LANY0026:Fake|}() : ParameterSet(Scale.Map.Module);""")]
    [InlineData("""interface {|LANY0026:IFake|} : IParameterModule;""")]
    [InlineData("""struct {|LANY0026:Fake|} : IParameterModule { public ParameterSet Parameters => throw new Exception(); }""")]
    [InlineData("""class {|LANY0026:Louder|} : Scale, IParameterModule { }""")]
    [InlineData("""namespace Other { using Plain = Lanyard.IParameterModule; class {|LANY0026:Louder|} : Scale, Plain { ParameterSet Plain.Parameters => throw new Exception(); } }""")]
    [InlineData("""interface {|LANY0026:IFake|} : IParameterModule; class {|LANY0026:Louder|} : Scale, IFake { ParameterSet IParameterModule.Parameters => throw new Exception(); }""")]
    [InlineData("""[ParameterModule] partial class Tower() : Module<Tensor, Tensor>("t") { public override Tensor forward(Tensor x) => x; } class {|LANY0026:Louder|} : Tower, IModelFamily<Louder> { ParameterSet IParameterModule.Parameters => throw new Exception(); public static IReadOnlyList<string> ModelTypes => []; public static Louder FromConfig(PretrainedConfig config) => new(); }""")]
    [InlineData("""[ParameterModule] partial class Tower() : Module<Tensor, Tensor>("t") { public override Tensor forward(Tensor x) => x; } class {|LANY0026:Louder|} : Tower, IModelFamily<Louder> { public new ParameterSet Parameters => throw new Exception(); public static IReadOnlyList<string> ModelTypes => []; public static Louder FromConfig(PretrainedConfig config) => new(); }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""string N => nameof(Parameters.Accept);""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Louder : Scale; class Engine { void M(IParameterModule module) => Console.WriteLine(module.Parameters.State); }""")]
    [InlineData("""[ParameterModule] partial class Tower() : Module<Tensor, Tensor>("t") { public override Tensor forward(Tensor x) => x; } class Louder : Tower, IModelFamily<Louder> { public static IReadOnlyList<string> ModelTypes => []; public static Louder FromConfig(PretrainedConfig config) => new(); }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<GeneratedOnlyAnalyzer>(Layer.With("", after: code));
}
