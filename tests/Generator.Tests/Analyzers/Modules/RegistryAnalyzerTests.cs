using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

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

    [Theory]
    [InlineData("""void M() => {|LANY0025:register_buffer|}("weight", torch.zeros(1), true);""")]
    [InlineData("""void M() => {|LANY0025:register_module|}("child", nn.Linear(1, 1)); Scale? Child { get; }""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); {|LANY0025:register_module|}("extra", nn.Linear(1, 1)); }""")]
    [InlineData("""new void {|LANY0025:ConditionallyRegisterParameter|}(string name, Parameter? value) { }""")]
    [InlineData("""static bool {|LANY0025:ReplaceParameter|}(ScalarType? dtype, Device? device, Parameter value, out Parameter? moved) { moved = null; return false; }""")]
    [InlineData("""void {|LANY0025:named_children|}(int n) { }""")]
    [InlineData("""void M() { Action<string, Parameter> r = {|LANY0025:register_parameter|}; r("x", New(Bias)); }""")]
    [InlineData("""void M() => ((Module)this).{|LANY0025:register_parameter|}("x", New(Bias));""")]
    [InlineData("""public override void {|LANY0025:register_parameter|}(string name, Parameter p) { }""")]
    [InlineData("""public override Dictionary<string, Tensor> {|LANY0025:state_dict|}(Dictionary<string, Tensor>? destination = null, string? prefix = null) => [];""")]
    [InlineData("""void M() => base.{|LANY0025:_internal_params|}["weight"] = New(Bias);""")]
    [InlineData("""void M() => this.{|LANY0025:_internal_params|}.Clear();""")]
    [InlineData("""void M() => {|LANY0025:_internal_submodules|}.Clear();""")]
    [InlineData("""protected override void {|LANY0025:RegisterComponents|}() { }""")]
    [InlineData("""protected override void {|LANY0025:_toEpilog|}(ScalarType? dtype, Device? device, bool non_blocking) { }""")]
    [InlineData("""public override IEnumerable<(string name, Parameter parameter)> {|LANY0025:named_parameters|}(bool recurse = true) => [];""")]
    [InlineData("""public override Module {|LANY0025:load|}(System.IO.BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null) => this;""")]
    [InlineData("""void M() => base.{|LANY0025:register_parameter|}("x", New(Bias));""")]
    [InlineData("""void M() => base.{|LANY0025:ConditionallyRegisterParameter|}("weight", New(Bias));""")]
    [InlineData("""void M() { Action<string, Parameter> r = base.{|LANY0025:register_parameter|}; r("x", New(Bias)); }""")]
    [InlineData("""void M() => base.{|LANY0025:register_buffer|}("weight", torch.zeros(1), true);""")]
    [InlineData("""void M() { Module m = this; m.{|LANY0025:register_parameter|}("x", New(Bias)); }""")]
    [InlineData("""void M() { Module m; m = this; var n = m; n.{|LANY0025:register_module|}("x", nn.Linear(1, 1)); }""")]
    [InlineData("""void M(object o) { if (this is Module m) m.{|LANY0025:register_parameter|}("x", New(Bias)); (o as Module ?? this).{|LANY0025:add_module|}("x", nn.Linear(1, 1)); }""")]
    [InlineData("""Scale? Child { get; } void M() { Module m = Child!; Action a = () => m.{|LANY0025:register_parameter|}("x", New(Bias)); }""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<RegistryAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Louder : Scale { protected override void {|LANY0025:RegisterComponents|}() { } }""")]
    [InlineData("""class Louder : Scale { protected override void {|LANY0025:_toEpilog|}(ScalarType? dtype, Device? device, bool non_blocking) { } }""")]
    [InlineData("""class Louder : Scale { void M() => {|LANY0025:ConditionallyRegisterParameter|}("weight", null); }""")]
    [InlineData("""class Engine { void M(Scale? scale) => scale?.{|LANY0025:register_parameter|}("x", new Parameter(torch.zeros(1))); }""")]
    [InlineData("""class Plain() : Module("p") { protected new void ConditionallyRegisterParameter(string name, Parameter? value) { } } [ParameterModule] partial class {|LANY0025:Own|} : Plain;""")]
    [InlineData("""class Engine<T> where T : Scale { void M(T scale) => scale.{|LANY0025:register_parameter|}("x", new Parameter(torch.zeros(1))); }""")]
    [InlineData("""class Plain : Module { public Plain() : base("p") => register_module("proj", nn.Linear(1, 1)); } [ParameterModule] partial class {|LANY0025:Own|} : Plain;""")]
    [InlineData("""class Plain : Module { public Plain() : base("p") => this.register_parameter("w", new Parameter(torch.zeros(1))); } class Between : Plain; [ParameterModule] partial class {|LANY0025:Own|} : Between;""")]
    [InlineData("""class Plain() : Module("p") { protected void M() => _internal_params.Clear(); } [ParameterModule] partial class {|LANY0025:Own|} : Plain;""")]
    [InlineData("""class Engine { void M(Scale scale) { Module m = scale; m.{|LANY0025:register_parameter|}("x", new Parameter(torch.zeros(1))); } }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<RegistryAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""string N => nameof(register_parameter) + nameof(_internal_params);""")]
    [InlineData("""void M(Module other) { Module m = nn.Linear(1, 1); m.register_module("x", other); other.register_module("y", m); }""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<RegistryAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Plain : Module { public Plain() : base("p") { } protected override void RegisterComponents() { } }""")]
    [InlineData("""class Plain : Module { public Plain() : base("p") { } protected void M(Module other) => other.register_module("x", nn.Linear(1, 1)); } [ParameterModule] partial class Own : Plain;""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<RegistryAnalyzer>(Layer.With("", after: code));
}
