using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class ConstructorAnalyzerTests
{
    [Fact]
    public Task Stays_quiet_on_without_parameters() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        """public Scale(int n) : base("s") { }"""));

    [Fact]
    public Task Fires_on_without_children() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: """[ParameterModule] partial class Parent : Module { public {|LANY0031:Parent|}() : base("p") => Child = new(); Scale Child { get; } }"""));

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
    public Task Stays_quiet_on_that_hands_on() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: Parent("public Parent(int n) : this() { } public Parent() : base(\"p\") => RegisterComponents();")));

    [Fact]
    public Task Stays_quiet_on_with_children() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: """[ParameterModule] partial class Parent : Module { public Parent() : base("p") { Child = new(); RegisterComponents(); } Scale Child { get; } }"""));

    [Theory]
    [InlineData("""public partial Parent(int n); public partial Parent(int n) : base("s") => RegisterComponents();""")]
    [InlineData("""public partial Parent(int n) : base("s") => RegisterComponents(); public partial Parent(int n);""")]
    [InlineData("""public partial Parent(int n); public partial Parent(int n) : this() { } public Parent() : base("p") => RegisterComponents();""")]
    public Task Stays_quiet_on_a_partial_one_whose_body_registers_them(string code) => Verify.Analyzer<ConstructorAnalyzer>(Layer.With("", after: Parent(code)));

    [Fact]
    public Task Fires_on_a_partial_one_whose_body_does_not() => Verify.Analyzer<ConstructorAnalyzer>(Layer.With(
        "", after: Parent("""public partial {|LANY0031:Parent|}(int n); public partial Parent(int n) : base("s") { }""")));

    private static string Parent(string constructors) => $"[ParameterModule] partial class Parent : Module {{ {constructors} Scale Child {{ get; }} = new(); }}";
}
