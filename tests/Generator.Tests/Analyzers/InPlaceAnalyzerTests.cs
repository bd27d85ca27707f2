using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class InPlaceAnalyzerTests
{
    [Fact]
    public Task Fires_on_post_load_writes_into_a_parameter() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight.{|LANY0023:mul_|}(2);"""));

    [Fact]
    public Task Fires_on_post_load_writes_through_a_view() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() => Weight.view(2, 2)[0].{|LANY0023:fill_|}(0);"""));

    [Fact]
    public Task Fires_on_post_load_writes_elements() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() => {|LANY0023:Weight[0]|} = torch.tensor(1f);"""));

    [Fact]
    public Task Fires_on_anybody_reshapes() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        "", after: """class Engine { void M(Scale scale) => scale.Weight.{|LANY0023:set_|}(torch.zeros(1)); }"""));

    [Fact]
    public Task Stays_quiet_on_values_are_initialised() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """public Scale(float value) : base("s") { CreateParameters(); Weight.fill_(value); Weight[0] = torch.tensor(1f); }"""));

    [Fact]
    public Task Stays_quiet_on_something_else_is_written() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        """[PostLoad] void P() { var copy = Weight.clone(); copy.mul_(2); Weight = New(copy); }"""));

    [Fact]
    public Task Stays_quiet_on_a_trainer_steps() => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(
        "", after: """class Trainer { void M(Scale scale) => scale.Weight.add_(1); }"""));
}
