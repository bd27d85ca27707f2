using Lanyard.CodeFixes;
using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

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

    [Theory]
    [InlineData("""void M() => ({|LANY0020:Weight|}) = New(Bias);""")]
    [InlineData("""void M() => ((this)).{|LANY0020:Weight|} = New(Bias);""")]
    [InlineData("""void M() { for ({|LANY0020:Weight|} = New(Bias); ;) { } }""")]
    [InlineData("""Parameter M() => Bias.shape[0] > 0 ? ({|LANY0020:Weight|} = New(Bias)) : Bias;""")]
    [InlineData("""void M() { Parameter p; p = {|LANY0020:Weight|} = New(Bias); }""")]
    [InlineData("""static int s = Make(out _); static int Make(out Scale x) { x = new(); x.{|LANY0020:Weight|} = New(x.Bias); return 1; }""")]
    [InlineData("""private Func<Scale, Parameter> _later = scale => scale.{|LANY0020:Weight|} = New(scale.Bias);""")]
    [InlineData("""class Inside { void M(Scale scale) => scale.{|LANY0020:Weight|} = New(scale.Bias); }""")]
    [InlineData("""event Action E { add => {|LANY0020:Weight|} = New(Bias); remove { } }""")]
    [InlineData("""public static Scale operator +(Scale a, Scale b) { a.{|LANY0020:Weight|} = New(b.Bias); return a; }""")]
    [InlineData("""~Scale() { {|LANY0020:Weight|} = New(Bias); }""")]
    [InlineData("""static Scale() { var s = new Scale(); s.{|LANY0020:Weight|} = New(s.Bias); }""")]
    [InlineData("""IEnumerable<int> M() { {|LANY0020:Weight|} = New(Bias); yield return 1; }""")]
    [InlineData("""async System.Threading.Tasks.Task M() { await System.Threading.Tasks.Task.Yield(); {|LANY0020:Weight|} = New(Bias); }""")]
    [InlineData("""[PostLoad] void P() { Action later = delegate { {|LANY0020:Weight|} = New(Bias); }; later(); }""")]
    [InlineData("""[PostLoad] void P() => Help(); void Help() => {|LANY0020:Weight|} = New(Weight * 2);""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); System.Threading.Tasks.Task.Run(() => {|LANY0020:Weight|} = New(Bias)); }""")]
    [InlineData("""void M() => {|LANY0020:CreateParameters|}();""")]
    [InlineData("""public Scale(int n) : base("s") { Action later = () => {|LANY0020:CreateParameters|}(); later(); }""")]
    [InlineData("""public Scale(int n) : base("s") { Action<Topology?, ScalarType?, Device?> later = {|LANY0020:CreateParameters|}; later(null, ScalarType.Float32, null); }""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Louder : Scale { protected Louder() => base.{|LANY0020:Weight|} = new Parameter(torch.zeros(4)); }""")]
    [InlineData("""class Louder : Scale { void M() => {|LANY0020:CreateParameters|}(); }""")]
    [InlineData("""record Holder(Scale Scale) { Holder Next() => this with { Scale = new() { {|LANY0020:Weight|} = new Parameter(torch.zeros(4)) } }; }""")]
    [InlineData("""class Holder { public Scale Scale { get; } = new(); static Holder M() => new() { Scale = { {|LANY0020:Weight|} = new Parameter(torch.zeros(4)) } }; }""")]
    [InlineData("""static class Extensions { extension(Scale scale) { public void M() => scale.{|LANY0020:Weight|} = new Parameter(torch.zeros(4)); } }""")]
    [InlineData("""class Holder(Scale scale) { private readonly Parameter _p = scale.{|LANY0020:Weight|} = new Parameter(torch.zeros(4)); Parameter P => _p; }""")]
    [InlineData("""class Louder : Scale { public Louder() => CreateParameters(); void M(Louder other) => (other.{|LANY0020:Weight|}, _) = (new Parameter(torch.zeros(4)), 1); }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<AssignmentAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""public Scale(int n) : base("s") => CreateParameters(type: ScalarType.BFloat16);""")]
    [InlineData("""string N => nameof(CreateParameters) + nameof(Weight);""")]
    [InlineData("""void M() { var Weight = New(Bias); Weight = New(Bias); }""")]
    [InlineData("""[PostLoad] partial void P(); partial void P() => Weight = New(Weight);""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<AssignmentAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Plain { public Parameter? Weight { get; set; } void M() => Weight = null; }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<AssignmentAnalyzer>(Layer.With("", after: code));

    [Fact]
    public Task Fires_where_a_required_property_is_initialised() => Verify.Analyzer<AssignmentAnalyzer>("""
        [ParameterModule]
        public partial class Scale() : Module("scale")
        {
            [Axis] public int Size => 4;
            [Parameter("size"), FromCheckpoint("weight", "size")] public required partial Parameter Weight { get; init; }
        }
        class Engine { Scale M() => new() { {|LANY0020:Weight|} = new Parameter(torch.zeros(4)) }; }
        """);

    [Fact]
    public Task Fires_in_a_generic_class_on_another_construction() => Verify.Analyzer<AssignmentAnalyzer>("""
        [ParameterModule]
        public partial class Scale<T> : Module
        {
            public Scale(Scale<int> other) : base("scale") { CreateParameters(); other.{|LANY0020:Weight|} = New(); Weight = New(); }
            [Axis] public int Size => 4;
            [Parameter("size"), FromCheckpoint("weight", "size")] public partial Parameter Weight { get; set; }
            static Parameter New() => new(torch.zeros(4));
            [PostLoad] void P() => Weight = New();
        }
        """);

    [Fact]
    public Task Fix_makes_the_method_a_post_load_method() => Verify.CodeFix<AssignmentAnalyzer, PostLoadFix>(
        Layer.With("""
            // Twice as loud.
                void M() => {|LANY0020:Weight|} = New(Weight * 2);
            """),
        Layer.With("""
            // Twice as loud.
                [PostLoad]
                void M() => Weight = New(Weight * 2);
            """));

    [Fact]
    public Task Fix_moves_the_assignment() => Verify.CodeFix<AssignmentAnalyzer, PostLoadFix>(
        Layer.With("""
            void M(int n)
                {
                    Console.WriteLine(n);
                    this.{|LANY0020:Weight|} = New(Weight * 2);
                }

                void PrepareWeight() { }
            """),
        Layer.With("""
            void M(int n)
                {
                    Console.WriteLine(n);
                }

                [PostLoad]
                private void PrepareWeight2() => this.Weight = New(Weight * 2);

                void PrepareWeight() { }
            """));

    [Theory]
    [InlineData("""void M(int n) { {|LANY0020:Weight|} = New(Weight * n); }""")]
    [InlineData("""void M<T>(T n) { {|LANY0020:Weight|} = Make<T>(); } static Parameter Make<T>() => New(torch.zeros(4));""")]
    [InlineData("""async System.Threading.Tasks.Task M(int n) { {|LANY0020:Weight|} = New(await Later()); } static System.Threading.Tasks.Task<Tensor> Later() => throw null!;""")]
    [InlineData("""unsafe void M(int n) { {|LANY0020:Weight|} = New(Weight * sizeof(int*)); }""")]
    public Task Fix_leaves_alone_what_depends_on_the_method(string member)
    {
        var code = Layer.With(member);
        return Verify.CodeFix<AssignmentAnalyzer, PostLoadFix>(code, code);
    }
}
