using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class RegistryAnalyzerTests
{
    [Fact]
    public Task Fires_on_inside() => Verify.Analyzer<RegistryAnalyzer>(Layer.With(
        """void M() => {|LANY0025:register_parameter|}("x", New(Weight));"""));

    [Fact]
    public Task Fires_on_replacing() => Verify.Analyzer<RegistryAnalyzer>(Layer.With(
        """void M() => {|LANY0025:ConditionallyRegisterParameter|}("weight", New(Weight));"""));

    [Fact]
    public Task Fires_on_the_dictionary() => Verify.Analyzer<RegistryAnalyzer>(Layer.With(
        """void M() => {|LANY0025:_internal_params|}.Clear();"""));

    [Fact]
    public Task Fires_on_from_outside() => Verify.Analyzer<RegistryAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale scale) => scale.{|LANY0025:register_parameter|}("x", scale.Weight); }"""));

    [Fact]
    public Task Stays_quiet_on_of_other_modules() => Verify.Analyzer<RegistryAnalyzer>(Layer.With(
        "", after: """class Plain : Module { public Plain() : base("p") => register_parameter("x", new Parameter(torch.zeros(1))); }"""));

    [Fact]
    public Task Stays_quiet_on_reading_it() => Verify.Analyzer<RegistryAnalyzer>(Layer.With(
        "", after: """class Engine { object M(Scale scale) => scale.named_parameters(); }"""));

    [Fact]
    public Task Stays_quiet_on_buffers() => Verify.Analyzer<RegistryAnalyzer>(Layer.With(
        """void M() => register_buffer("b", torch.zeros(1), true);"""));
}
