using Lanyard.Generator.Analyzers.Values;

namespace Lanyard.Generator.Tests.Analyzers.Values;

public sealed class SharedTensorAnalyzerTests
{
    [Theory]
    [InlineData("""public Scale(int n) : base("s") { Weight = New(torch.zeros(4)); Bias = {|LANY0038:Weight|}; }""")]
    [InlineData("""[PostLoad] void P() => (Weight, Bias) = ({|LANY0038:Bias|}, {|LANY0038:Weight|});""")]
    [InlineData("""public Scale(Scale other) : base("s") { CreateParameters(); Weight = {|LANY0038:other.Weight|}; }""")]
    [InlineData("""[PostLoad] void P() => Bias = Size > 1 ? New(Weight) : {|LANY0038:Weight|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Weight|} ?? New(Bias);""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; Bias = {|LANY0038:w|}; }""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Weight|} = New(Bias);""")]
    [InlineData("""[PostLoad] void P() => Bias = Size switch { 1 => {|LANY0038:Weight|}, _ => New(Bias) };""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Weight|}!;""")]
    [InlineData("""public Scale(int n) : base("s") { var p = new Parameter(torch.zeros(4)); Weight = p; Bias = {|LANY0038:p|}; }""")]
    [InlineData("""public Scale(int n) : base("s") { var p = new Parameter(torch.zeros(4)); Bias = {|LANY0038:Weight|} = p; }""")]
    [InlineData("""public Scale(int n) : base("s") { var p = new Parameter(torch.zeros(4)); var q = p; (Weight, Bias) = (p, {|LANY0038:q|}); }""")]
    [InlineData("""public Scale(Parameter p) : base("s") { Weight = p; Bias = {|LANY0038:p|}; }""")]
    [InlineData("""public Scale(int n) : base("s") { var p = new Parameter(torch.zeros(4)); Weight = p; Bias = {|LANY0038:new Parameter(p.alias(), false)|}; }""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Bias = {|LANY0038:new Parameter(Weight.alias(), false)|}; }""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Bias = {|LANY0038:nn.Parameter(Weight.view(4), false)|}; }""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:new Parameter(Weight.contiguous().detach(), false)|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:new Parameter(Weight.narrow(0, 0, 2), false)|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:new Parameter(Weight[0], false)|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:new Parameter(Weight[..2], false)|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:new Parameter(Parameters.Weight.Value[TensorIndex.Ellipsis, TensorIndex.Slice(0, 2), TensorIndex.None, 1], false)|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:new Parameter(Weight.index(TensorIndex.Single(1)), false)|};""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Parameters.Weight.Value|};""")]
    [InlineData("""[PostLoad] void P() { if (this is { Weight: var w }) Bias = {|LANY0038:w|}; }""")]
    [InlineData("""[PostLoad] void P() => Bias = {|LANY0038:Same(Weight)|}; static Parameter Same(Parameter p) => p;""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; var v = w; Bias = Size switch { 1 => {|LANY0038:v|}, _ => New(v) }; }""")]
    [InlineData("""public Scale(Scale target) : base("s") { CreateParameters(); Weight = {|LANY0038:new Parameter(target.Weight.alias(), false)|}; }""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<SharedTensorAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""[PostLoad] void P() => Bias = New(Weight);""")]
    [InlineData("""void M() { var w = Weight; w = Bias; }""")]
    [InlineData("""[PostLoad] void P() => Bias = Size > 1 ? New(Weight) : New(Bias);""")]
    [InlineData("""[PostLoad] void P() => Weight = new Parameter(Weight.view(2, 2), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Bias = new Parameter(Weight.t().contiguous(), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Bias = new Parameter(Weight.clone().view(4), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Bias = new Parameter(Weight[torch.arange(2)], requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Bias = new Parameter(Parameters.Weight.Value[Weight > 0], requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Bias = new Parameter(Weight.view(2, 2)[TensorIndex.Colon, TensorIndex.Tensor(torch.arange(2))][0], requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Bias = new Parameter(Weight.index(torch.arange(2)), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() { TensorIndex[] some = [TensorIndex.Tensor(torch.arange(2))]; Bias = new Parameter(Weight[some], requires_grad: false); }""")]
    [InlineData("""[PostLoad] void P() => Bias = new Parameter(Weight.to(ScalarType.Float32, copy: true).view(4), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() { var w = Weight; w = New(w); Bias = w; }""")]
    [InlineData("""public Scale(int n) : base("s") { var both = torch.zeros(8).chunk(2); Weight = new Parameter(both[0], false); Bias = new Parameter(both[1], false); }""")]
    [InlineData("""public Scale(int n) : base("s") { Weight = New(torch.zeros(4)); Bias = New(torch.zeros(4)); }""")]
    [InlineData("""public Scale(int n) : base("s") { var zeros = torch.zeros(4); Weight = New(zeros); Bias = New(zeros); }""")]
    [InlineData("""public Scale(int n) : base("s") { var p = New(torch.zeros(4)); Weight = p; p = New(torch.zeros(4)); Bias = p; }""")]
    [InlineData("""public Scale(Parameter p) : base("s") { Weight = p; Weight = p; }""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<SharedTensorAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""Head = new Embedding({|LANY0038:Embed.Weight|});""")]
    [InlineData("""var w = Embed.Weight; Head = new({|LANY0038:w|});""")]
    [InlineData("""Head = Embedding.Of({|LANY0038:Embed.Weight|});""")]
    [InlineData("""Head = new Embedding(2, {|LANY0038:Embed.Weight.alias()|});""")]
    [InlineData("""Head = new Embedding({|LANY0038:Embed.Parameters.Weight.Value|});""")]
    [InlineData("""var p = new Parameter(torch.zeros(4)); Embed = new(p); Head = new({|LANY0038:p|});""")]
    [InlineData("""var p = new Parameter(torch.zeros(4)); var all = new Embedding[2]; for (var i = 0; i < 2; i++) all[i] = new({|LANY0038:p|});""")]
    [InlineData("""var p = new Parameter(torch.zeros(4)); Func<Embedding> make = () => new({|LANY0038:p|});""")]
    public Task Fires_where_a_constructor_is_given_another_s_weight(string code) => Verify.Analyzer<SharedTensorAnalyzer>(Tied(code));

    [Theory]
    [InlineData("""Head = new Embedding(New(Embed.Weight));""")]
    [InlineData("""Head = new Embedding(Embed.Weight, copy: true);""")]
    [InlineData("""Embed = new(new Parameter(torch.zeros(4))); Head = new(new Parameter(torch.zeros(4)));""")]
    [InlineData("""var all = new Embedding[2]; for (var i = 0; i < 2; i++) { var p = new Parameter(torch.zeros(4)); all[i] = new(p); }""")]
    [InlineData("""Func<Parameter, Embedding> make = p => new(p); using var plain = new Holder(Embed.Weight);""")]
    public Task Stays_quiet_where_it_is_given_its_own(string code) => Verify.Analyzer<SharedTensorAnalyzer>(Tied(code));

    private static string Tied(string code) => $$"""
        [ParameterModule]
        public sealed partial class Embedding : Module
        {
            public Embedding() : base("e") => CreateParameters();
            public Embedding(Parameter weight) : base("e") => Weight = weight;
            public Embedding(int rows, Tensor weight) : base("e") => Weight = new Parameter(weight, requires_grad: false);
            public Embedding(Tensor weight, bool copy) : base("e") { CreateParameters(); Weight.copy_(weight); }
            public static Embedding Of(Parameter weight) => new(weight);
            [Axis] public int Size => 4;
            [Parameter("size"), FromCheckpoint("weight", "size")] public partial Parameter Weight { get; private set; }
        }

        public sealed class Holder(Tensor tensor) : IDisposable { public Tensor Held => tensor; public void Dispose() { } }

        [ParameterModule]
        public sealed partial class Model : Module
        {
            public Model() : base("model")
            {
                Embed = new();
                Head = new();
                {{code}}
            }

            public Embedding Embed { get; }
            public Embedding Head { get; }
            private static Parameter New(Tensor value) => new(value.clone(), requires_grad: false);
        }
        """;
}
