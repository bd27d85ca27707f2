using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class AssignmentAnalyzerTests
{
    [Fact]
    public Task Fires_on_in_a_method() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """void M() => {|LANY0020:Weight|} = New(Bias);"""));

    [Fact]
    public Task Fires_on_through_this() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """void M() => this.{|LANY0020:Weight|} = New(Bias);"""));

    [Fact]
    public Task Fires_on_in_a_compound_assignment() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """void M() => {|LANY0020:Weight|} ??= New(Bias);"""));

    [Fact]
    public Task Fires_on_in_a_deconstruction() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """void M() => ({|LANY0020:Weight|}, ({|LANY0020:Bias|}, _)) = (New(Bias), (New(Weight), 1));"""));

    [Fact]
    public Task Fires_on_in_a_lambda_of_a_constructor() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """public Scale(int n) : base("s") { CreateParameters(); Action later = () => {|LANY0020:Weight|} = New(Bias); later(); }"""));

    [Fact]
    public Task Fires_on_in_a_local_function_of_a_post_load_method() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """[PostLoad] void P() { void Later() => {|LANY0020:Weight|} = New(Bias); Later(); }"""));

    [Fact]
    public Task Fires_on_of_another_instance_in_a_constructor() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """public Scale(Scale other) : base("s") { CreateParameters(); other.{|LANY0020:Weight|} = New(Bias); }"""));

    [Fact]
    public Task Fires_on_in_an_object_initializer() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        "", after: """class Engine { Scale Make() => new() { {|LANY0020:Weight|} = new Parameter(torch.zeros(4)) }; }"""));

    [Fact]
    public Task Fires_on_from_another_type() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale scale) => scale.{|LANY0020:Weight|} = new Parameter(torch.zeros(4)); }"""));

    [Fact]
    public Task Fires_on_from_a_derived_class() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        "", after: """class Louder : Scale { public Louder() { {|LANY0020:Weight|} = new Parameter(torch.zeros(4)); } }"""));

    [Fact]
    public Task Fires_on_through_a_constraint() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        "", after: """class Engine<T> where T : Scale { void M(T scale) => scale.{|LANY0020:Weight|} = new Parameter(torch.zeros(4)); }"""));

    [Fact]
    public Task Fires_on_through_a_null_conditional() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale? scale) => scale?.{|LANY0020:Weight|} = new Parameter(torch.zeros(4)); }"""));

    [Fact]
    public Task Fires_on_in_a_property_of_the_class() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """int P { set => {|LANY0020:Weight|} = New(Bias); }"""));

    [Fact]
    public Task Fires_on_in_a_static_method() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """static void M(Scale scale) => scale.{|LANY0020:Weight|} = New(scale.Bias);"""));

    [Fact]
    public Task Stays_quiet_on_in_a_constructor() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """public Scale(Tensor value) : base("s") { Weight = New(value); (Bias, _) = (New(value), 1); }"""));

    [Fact]
    public Task Stays_quiet_on_in_post_load_and_in_what_undoes_it() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight * 2); void U() { Weight = New(Weight / 2); }"""));

    [Fact]
    public Task Stays_quiet_on_of_other_properties() => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(
        """public int N { get; set; } void M() => N = 3;"""));
}
