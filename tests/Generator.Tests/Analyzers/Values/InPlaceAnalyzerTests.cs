using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

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

    [Theory]
    [InlineData("""[PostLoad] void P() => Help(); void Help() => Weight.{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; w.{|LANY0023:mul_|}(2); }""")]
    [InlineData("""[PostLoad] void P() { var half = Weight.narrow(0, 0, 2); var one = half[0]; one.{|LANY0023:zero_|}(); }""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes|} = new byte[16];""")]
    [InlineData("""[PostLoad] void P() => Weight.bytes.{|LANY0023:Clear|}();""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes[0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.bytes[0]|}++;""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.data<float>()[0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => new byte[16].CopyTo({|LANY0023:Weight.bytes|});""")]
    [InlineData("""[PostLoad] void P() => System.IO.Stream.Null.Read({|LANY0023:Weight.bytes|});""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight[0]|} += torch.tensor(1f);""")]
    [InlineData("""[PostLoad] void P() => ({|LANY0023:Weight[0]|}, _) = (torch.tensor(1f), 1);""")]
    [InlineData("""[PostLoad] void P() => init.{|LANY0023:zeros_|}(Weight);""")]
    [InlineData("""[PostLoad] void P() => Weight.to(ScalarType.Float32).{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() => Weight?.{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { if (Weight is { } w) w.{|LANY0023:mul_|}(2); }""")]
    [InlineData("""[PostLoad] void P() => Weight.chunk(2)[0].{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { System.Threading.Tasks.Task.Run(() => Weight.{|LANY0023:mul_|}(2)); }""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Weight.{|LANY0023:set_|}(torch.zeros(4)); }""")]
    [InlineData("""void M() { var w = Weight; w.{|LANY0023:set_|}(torch.zeros(4)); }""")]
    [InlineData("""[PostLoad] void P() => {|LANY0023:Weight.storage<float>()[0]|} = 1;""")]
    [InlineData("""[PostLoad] void P() => Weight.storage<float>().{|LANY0023:fill_|}(1);""")]
    [InlineData("""[PostLoad] void P() => Weight.storage<float>().{|LANY0023:CopyFrom|}(new float[4], 0);""")]
    [InlineData("""[PostLoad] void P() => Weight.data<float>().{|LANY0023:CopyFrom|}(new float[4]);""")]
    [InlineData("""[PostLoad] void P() => functional.{|LANY0023:relu|}(Weight, inplace: true);""")]
    [InlineData("""[PostLoad] void P() => functional.{|LANY0023:relu|}(Weight.view(2, 2), Size > 2);""")]
    [InlineData("""[PostLoad] void P() => (Size > 2 ? Weight : Bias.clone()).{|LANY0023:mul_|}(2);""")]
    [InlineData("""[PostLoad] void P() { var w = Size switch { 4 => Bias.clone(), _ => Weight.view(2, 2) }; w.{|LANY0023:mul_|}(2); }""")]
    [InlineData("""[PostLoad] void P() { Tensor? other = null; (other ?? Weight).{|LANY0023:mul_|}(2); }""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""[PostLoad] void P() => Weight = New(Weight.clone().mul_(2));""")]
    [InlineData("""[PostLoad] void P() { Weight.requires_grad_(false); Weight.requires_grad = false; Weight.grad = null; }""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; Tensor t = w; t = t.clone(); t.mul_(2); }""")]
    [InlineData("""[PostLoad] void P() => Weight.bytes.CopyTo(new byte[16]);""")]
    [InlineData("""[PostLoad] void P() { var t = Weight.alias(); t.unsqueeze_(0); Weight.mul(2).add_(1); }""")]
    [InlineData("""string N => nameof(Weight.mul_);""")]
    [InlineData("""[PostLoad] void P() { Weight.data<float>().CopyTo(new float[4]); var first = Weight.storage<float>()[0]; }""")]
    [InlineData("""[PostLoad] void P() { functional.relu(Weight); functional.relu(Weight, inplace: false); functional.relu(Weight * 2, inplace: true); }""")]
    [InlineData("""[PostLoad] void P() => (Size > 2 ? Weight.clone() : Bias * 2).mul_(2);""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<InPlaceAnalyzer>(Layer.With(code));
}
