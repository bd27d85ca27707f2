using Lanyard.Generator.Analyzers.Updates;

namespace Lanyard.Generator.Tests.Analyzers.Updates;

public sealed class PassOutsideReadingAnalyzerTests
{
    [Theory]
    [InlineData("model.{|LANY0054:call|}(input);")]
    [InlineData("model.{|LANY0054:forward|}(input);")]
    [InlineData("_ = model?.{|LANY0054:call|}(input);")]
    [InlineData("_model.{|LANY0054:call|}(input);")]
    [InlineData("any.{|LANY0054:call|}(input);")]
    [InlineData("lm.{|LANY0054:call|}(input);")]
    [InlineData("Func<Tensor, Tensor> run = x => model.{|LANY0054:call|}(x);")]
    [InlineData("using (model.Read()) { } model.{|LANY0054:call|}(input);")]
    [InlineData("{ using var reading = model.Read(); } model.{|LANY0054:call|}(input);")]
    [InlineData("model.{|LANY0054:call|}(input); using var reading = model.Read();")]
    [InlineData("using var reading = other.Read(); model.{|LANY0054:call|}(input);")]
    [InlineData("Func<ModelReading> read = () => model.Read(); model.{|LANY0054:call|}(input);")]
    public Task Fires(string code) => Verify.Analyzer<PassOutsideReadingAnalyzer>(Engine(code));

    [Theory]
    [InlineData("using var reading = model.Read(); model.call(input);")]
    [InlineData("using (model.Read()) model.forward(input);")]
    [InlineData("using (var reading = model.Read(3)) { for (var i = 0; i < 3; i++) { model.call(input); } }")]
    [InlineData("var reading = model.Read(); try { model.call(input); } finally { reading.Dispose(); }")]
    [InlineData("using var reading = model.Read(); Func<Tensor, Tensor> run = x => model.call(x);")]
    [InlineData("using var reading = _model.Read(); _model.call(input);")]
    [InlineData("using var reading = any.Read(); any.call(input);")]
    [InlineData("model.Run(input);")]
    [InlineData("lm.Logits(input);")]
    [InlineData("torchs.call(input);")]
    [InlineData("var name = nameof(model.call);")]
    public Task Stays_quiet(string code) => Verify.Analyzer<PassOutsideReadingAnalyzer>(Engine(code));

    [Fact]
    public Task Stays_quiet_in_modules() => Verify.Analyzer<PassOutsideReadingAnalyzer>("""
        [ParameterModule]
        partial class Inner : Module<Tensor, Tensor>
        {
            public Inner() : base("inner") => CreateParameters();
            public override Tensor forward(Tensor input) => input;
        }

        [ParameterModule]
        partial class Outer : Module<Tensor, Tensor>
        {
            public Outer() : base("outer") { Child = new Inner(); RegisterComponents(); }
            public Inner Child { get; }
            public override Tensor forward(Tensor input) => Child.call(Child.forward(input));
        }
        """);

    private static string Engine(string code) => $$"""
        using TorchSharp.Modules;

        [ParameterModule]
        partial class Model : Module<Tensor, Tensor>
        {
            public Model() : base("model") => CreateParameters();
            public override Tensor forward(Tensor input) => input;
        }

        class Engine<T>
            where T : Model
        {
            private readonly Model _model = null!;

            public void Go(Model model, Model other, T any, ICausalLM lm, Sequential torchs, Tensor input)
            {
                {{code}}
            }
        }
        """;
}
