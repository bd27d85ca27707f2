using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class ConstructorAnalyzerTests
{
    [Fact]
    public Task Fires_on_without_parameters() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        """public {|LANY0031:Scale|}(int n) : base("s") { }"""));

    [Fact]
    public Task Fires_on_without_children() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: """[ParameterModule] partial class Parent : Module { public {|LANY0031:Parent|}() : base("p") => Child = new(); Scale Child { get; } }"""));

    [Fact]
    public Task Fires_on_a_primary_one_without_parameters() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: """
        [ParameterModule]
        partial class {|LANY0031:Primary|}(int size) : Module("p")
        {
            [Axis] public int Size => size;

            [Parameter("size"), FromCheckpoint("weight", "size")]
            public partial Parameter Weight { get; private set; }

            public Tensor forward(Tensor input) => input * Weight;
        }
        """));

    [Fact]
    public Task Fires_on_a_primary_one_without_children() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: """[ParameterModule] partial class {|LANY0031:Parent|}(Scale child) : Module("p") { Scale Child { get; } = child; }"""));

    [Fact]
    public Task Stays_quiet_on_a_primary_one_whose_class_makes_them_elsewhere() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: """
        [ParameterModule]
        partial class Primary(int size) : Module("p")
        {
            [Axis] public int Size => size;

            [Parameter("size"), FromCheckpoint("weight", "size")]
            public partial Parameter Weight { get; private set; }

            Scale Child { get; } = new();

            public Primary Ready()
            {
                this.CreateParameters();
                RegisterComponents();
                return this;
            }
        }
        """));

    [Fact]
    public Task Stays_quiet_on_that_assigns() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        """public Scale(Tensor v) : base("s") { Weight = New(v); Bias = New(v); }"""));

    [Fact]
    public Task Stays_quiet_on_that_hands_on() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        """public Scale(int n) : this() { }"""));

    [Fact]
    public Task Stays_quiet_on_with_children() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: """[ParameterModule] partial class Parent : Module { public Parent() : base("p") { Child = new(); RegisterComponents(); } Scale Child { get; } }"""));

    [Theory]
    [InlineData("""public partial Scale(int n); public partial Scale(int n) : base("s") => CreateParameters();""")]
    [InlineData("""public partial Scale(int n) : base("s") => CreateParameters(); public partial Scale(int n);""")]
    [InlineData("""public partial Scale(int n); public partial Scale(int n) : this() { }""")]
    public Task Stays_quiet_on_a_partial_one_whose_body_makes_them(string code) => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(code));

    [Fact]
    public Task Fires_on_a_partial_one_whose_body_does_not() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        """public partial {|LANY0031:Scale|}(int n); public partial Scale(int n) : base("s") { }"""));
}
