using Lanyard.Generator.Analyzers.PostLoad;

namespace Lanyard.Generator.Tests.Analyzers.PostLoad;

public sealed class HiddenEffectAnalyzerTests
{
    [Fact]
    public Task Fires_on_this_is_handed_on() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() => Help({|LANY0022:this|}); static void Help(Scale s) { }"""));

    [Fact]
    public Task Fires_on_this_is_kept() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() { var self = {|LANY0022:this|}; }"""));

    [Fact]
    public Task Fires_on_a_method_is_called_that_can_be_replaced() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() => {|LANY0022:Q|}(); protected virtual void Q() { }"""));

    [Fact]
    public Task Stays_quiet_on_it_reads_and_calls_its_own() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """[PostLoad] void P() => this.Weight = New(this.Sum()); Tensor Sum() => Weight + Bias;"""));

    [Fact]
    public Task Stays_quiet_on_other_methods_do_as_they_like() => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(
        """void M() => Help(this); static void Help(Scale s) { }"""));

    [Theory]
    [InlineData("""[PostLoad] void P() => Help(); void Help() => Other({|LANY0022:this|}); static void Other(Scale s) { }""")]
    [InlineData("""[PostLoad] void P() => _ = Twice; Tensor Twice => {|LANY0022:Once|}; protected virtual Tensor Once => Weight; """)]
    [InlineData("""[PostLoad(Undo = nameof(U))] void P() => Weight = New(Weight); void U() { {|LANY0022:Q|}(); Weight = New(Weight); } protected virtual void Q() { }""")]
    [InlineData("""Scale? Child { get; } [PostLoad] void P() => Bias = New(Child!.Parameters.Weight.{|LANY0022:Value|});""")]
    [InlineData("""[PostLoad] void P() { foreach (var bound in Parameters) bound.{|LANY0022:Value|}.sum(); }""")]
    [InlineData("""[PostLoad] void P() => Bias = New(Parameters[0].{|LANY0022:Value|});""")]
    [InlineData("""[PostLoad] void P() { foreach (var p in {|LANY0022:parameters|}()) p.sum(); }""")]
    [InlineData("""[PostLoad] void P() => Bias = New({|LANY0022:get_parameter|}("weight")!);""")]
    [InlineData("""[PostLoad] void P() => {|LANY0022:state_dict|}();""")]
    [InlineData("""Scale? Child { get; } [PostLoad] void P() => Bias = New(Child!.{|LANY0022:Weight|});""")]
    [InlineData("""Scale? Child { get; } [PostLoad] void P() => Child!.{|LANY0022:Run|}(); public void Run() { }""")]
    [InlineData("""Scale? Child { get; } [PostLoad] void P() => ((IDisposable)Child!).{|LANY0022:Dispose|}();""")]
    [InlineData("""Scale? Child { get; } [PostLoad] void P() => Help({|LANY0022:Child|}); static void Help(object? s) { }""")]
    [InlineData("""[PostLoad] void P() => Bias = New({|LANY0022:this[0]|}); Tensor this[int i] => Weight[i];""")]
    [InlineData("""[PostLoad] void P() { Action later = {|LANY0022:Q|}; later(); } protected virtual void Q() { }""")]
    [InlineData("""[PostLoad] void P() { void Local() => Help({|LANY0022:this|}); Local(); } static void Help(Scale s) { }""")]
    [InlineData("""static Scale? s_last; [PostLoad] void P() => s_last = {|LANY0022:this|};""")]
    [InlineData("""Func<Tensor> _read = null!; [PostLoad] void P() => Bias = New({|LANY0022:_read|}());""")]
    [InlineData("""Action? _hook; Scale With(Action hook) { _hook = hook; return this; } [PostLoad] void P() => this.{|LANY0022:_hook|}?.Invoke();""")]
    [InlineData("""public Func<Tensor, Tensor> Read { get; init; } = null!; [PostLoad] void P() => Help(); void Help() => Bias = New({|LANY0022:Read|}(Weight));""")]
    [InlineData("""static Action? s_hook = null; [PostLoad] void P() { var hook = {|LANY0022:s_hook|}; hook!(); }""")]
    [InlineData("""Action[] _hooks = []; [PostLoad] void P() { {|LANY0022:_hooks|}[0](); foreach (var hook in {|LANY0022:_hooks|}) hook(); }""")]
    [InlineData("""Dictionary<string, Action> _hooks = []; [PostLoad] void P() => {|LANY0022:_hooks|}["a"]();""")]
    [InlineData("""event Action? Changed; [PostLoad] void P() => {|LANY0022:Changed|}?.Invoke();""")]
    [InlineData("""class Hooks { public Action? First; } Hooks _hooks = new(); [PostLoad] void P() => _hooks.{|LANY0022:First|}!();""")]
    [InlineData("""Action Hook => {|LANY0022:_hook|}; Action _hook = null!; [PostLoad] void P() => Hook();""")]
    [InlineData("""Delegate? _hook = null; [PostLoad] void P() => {|LANY0022:_hook|}!.DynamicInvoke();""")]
    [InlineData("""[PostLoad] void P() => Bias = New(Help({|LANY0022:Parameters|})); static Tensor Help(ParameterSet all) => zeros(all.Count);""")]
    [InlineData("""[PostLoad] void P() => Bias = New({|LANY0022:Parameters|}.Total()); """)]
    [InlineData("""[PostLoad] void P() { var all = Parameters; Bias = New(Sums.Total({|LANY0022:all|})); }""")]
    [InlineData("""[PostLoad] void P() { foreach (var bound in Parameters) Bias = New(Sums.One({|LANY0022:bound|})); }""")]
    [InlineData("""[PostLoad] void P() => Bias = New(Sums.One({|LANY0022:Parameters[0]|}));""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(code, after: Sums));

    [Theory]
    [InlineData("""[PostLoad] void P() => Weight = New(Weight.narrow(0, 0, Parameters.Weight.ModelShape[0])); string N => nameof(P);""")]
    [InlineData("""Tensor Sum { get => Bias; set => Bias.add(value); } [PostLoad] void P() => Sum = Parameters.Weight.Value;""")]
    [InlineData("""[PostLoad] void P() { if (Parameters.Topology.TensorSize > 1) return; Count++; } int Count { get; set; }""")]
    [InlineData("""[PostLoad] void P() => Weight = Static(Weight); static Parameter Static(Tensor t) => New(t);""")]
    [InlineData("""Linear? Child { get; } [PostLoad] void P() { using var x = Child!.call(Bias); _ = nameof(Child.weight); }""")]
    [InlineData("""void M() { foreach (var p in parameters()) p.sum(); } [PostLoad] void P() { }""")]
    [InlineData("""Func<Tensor> Read => () => Weight; [PostLoad] void P() => Bias = New(Read());""")]
    [InlineData("""[PostLoad] void P() => Help(value => value * 2); void Help(Func<Tensor, Tensor> change) { var twice = new List<Func<Tensor, Tensor>> { change }; Bias = New(twice[0](Weight)); }""")]
    [InlineData("""Action? _hook; event Action? Changed; [PostLoad] void P() { _hook = null; Changed += () => { }; _ = nameof(_hook); } void M() { _hook?.Invoke(); Changed?.Invoke(); }""")]
    [InlineData("""[PostLoad] void P() => Bias = New(Sums.One(Parameters.Weight)); void M() => Sums.Total(Parameters);""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(code, after: Sums));

    [Theory]
    [InlineData("""[PostLoad] void P() => Twice = new Parameter({|LANY0022:Doubled|}(), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Twice = new Parameter(this.{|LANY0022:Doubled|}(), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Twice = new Parameter({|LANY0022:Indirect|}, requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() { Func<Tensor> make = {|LANY0022:Doubled|}; make(); }""")]
    [InlineData("""[PostLoad] void P() => {|LANY0022:First|}();""")]
    [InlineData("""[PostLoad] void P() => Twice = new Parameter({|LANY0022:get_parameter|}("weight")!.clone(), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() { foreach (var (_, p) in {|LANY0022:named_parameters|}()) p.sum(); }""")]
    public Task Fires_where_a_base_class_comes_back(string code) => Verify.Analyzer<HiddenEffectAnalyzer>(Derived(code));

    [Theory]
    [InlineData("""[PostLoad] void P() => Twice = new Parameter(Padded(Weight), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() => Twice = new Parameter(Weight * Factor * Static(Weight), requires_grad: false);""")]
    [InlineData("""[PostLoad] void P() { } void M() => Doubled();""")]
    [InlineData("""[PostLoad] void P() => Twice = new Parameter(Sized(Weight), requires_grad: false);""")]
    public Task Stays_quiet_where_it_does_not(string code) => Verify.Analyzer<HiddenEffectAnalyzer>(Derived(code));

    [Fact]
    public Task Fires_on_what_a_class_below_can_replace_of_a_base_class() => Verify.Analyzer<HiddenEffectAnalyzer>("""
        public class Between(string name) : Module(name) { protected virtual void Q() { } }
        [ParameterModule] partial class Own() : Between("o") { [PostLoad] void P() => {|LANY0022:Q|}(); }
        """);

    [Theory]
    [InlineData("""[PostLoad] void P() => Bias = New(base.{|LANY0022:_internal_params|}["weight"]);""")]
    [InlineData("""[PostLoad] void P() => Bias = New({|LANY0022:_internal_params|}["weight"]);""")]
    [InlineData("""[PostLoad] void P() { foreach (var (_, child) in {|LANY0022:_internal_submodules|}) child.{|LANY0022:parameters|}(); }""")]
    [InlineData("""[PostLoad] void P() { foreach (var child in {|LANY0022:children|}()) foreach (var p in child.{|LANY0022:parameters|}()) p.sum(); }""")]
    [InlineData("""[PostLoad] void P() { foreach (var p in base.{|LANY0022:parameters|}()) p.sum(); }""")]
    [InlineData("""[PostLoad] void P() { foreach (var (_, p) in base.{|LANY0022:named_parameters|}()) p.sum(); }""")]
    [InlineData("""[PostLoad] void P() => Bias = New(base.{|LANY0022:get_parameter|}("weight")!);""")]
    [InlineData("""[PostLoad] void P() => base.{|LANY0022:state_dict|}();""")]
    [InlineData("""[PostLoad] void P() { foreach (var m in {|LANY0022:modules|}()) m.{|LANY0022:state_dict|}(); }""")]
    [InlineData("""[PostLoad] void P() => Help(); void Help() { foreach (var (_, m) in {|LANY0022:named_modules|}()) m.{|LANY0022:parameters|}(); }""")]
    [InlineData("""[PostLoad] void P() { Func<bool, IEnumerable<Parameter>> all = base.{|LANY0022:parameters|}; }""")]
    [InlineData("""[PostLoad] void P() { Module self = {|LANY0022:this|}; self.{|LANY0022:parameters|}(); }""")]
    [InlineData("""[PostLoad] void P() { Module self = {|LANY0022:this|}; var read = self.{|LANY0022:state_dict|}(); }""")]
    [InlineData("""Sequential? Body { get; } [PostLoad] void P() => Bias = New(Body!.{|LANY0022:forward|}(Weight));""")]
    [InlineData("""Sequential? Body { get; } [PostLoad] void P() { using var x = Body?.{|LANY0022:call|}(Weight); }""")]
    [InlineData("""Module<Tensor, Tensor>? Any { get; } [PostLoad] void P() { using var x = Any!.{|LANY0022:call|}(Weight); }""")]
    [InlineData("""ModuleList<Scale>? Layers { get; } [PostLoad] void P() => Layers![0].{|LANY0022:Run|}(); public void Run() { }""")]
    [InlineData("""ModuleList<Scale>? Layers { get; } [PostLoad] void P() => Help({|LANY0022:Layers|}); static void Help(object? all) { }""")]
    [InlineData("""Scale[] Layers { get; } = []; [PostLoad] void P() => Help({|LANY0022:Layers|}); static void Help(IEnumerable<Scale> all) { }""")]
    [InlineData("""Scale[] Layers { get; } = []; [PostLoad] void P() => Help({|LANY0022:(Layers, 1)|}); static void Help((Scale[], int) all) { }""")]
    [InlineData("""Wrap? Child { get; } [PostLoad] void P() => Bias = New(Child!.{|LANY0022:Run|}(Weight));""")]
    [InlineData("""Wrap? Child { get; } [PostLoad] void P() => Bias = New(Child!.{|LANY0022:First|});""")]
    [InlineData("""Wrap? Child { get; } [PostLoad] void P() => Child!.Inner!.{|LANY0022:Run|}(); public void Run() { }""")]
    [InlineData("""Scale? Child { get; } Tensor Twice => Weight * 2; [PostLoad] void P() => Bias = New(Child!.{|LANY0022:Twice|});""")]
    [InlineData("""Scale? Child { get; } Tensor Twice => Weight * 2; int Scaled => Round() + 1; int Round() => (int)Twice.sum().ToSingle(); [PostLoad] void P() => Bias = New(Weight * Child!.{|LANY0022:Scaled|});""")]
    [InlineData("""Lazy<float> _largest = null!; [PostLoad] void P() => Bias = New(Weight * {|LANY0022:_largest|}.Value);""")]
    [InlineData("""System.Threading.Tasks.Task<float>? _largest = null; [PostLoad] void P() => Bias = New(Weight * {|LANY0022:_largest|}!.Result);""")]
    [InlineData("""static unsafe delegate*<void> s_hook = null; [PostLoad] unsafe void P() => {|LANY0022:s_hook|}();""")]
    [InlineData("""Scale? Child { get; } [PostLoad] void P() { dynamic child = Child!; child.{|LANY0022:Run|}(); _ = child.{|LANY0022:Weight|}; }""")]
    public Task Fires_on_what_reaches_parameters_without_their_names(string code) => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(code, after: Wrap));

    [Theory]
    [InlineData("""[PostLoad] void P() { if (training) base.eval(); _ = base.GetName(); get_buffer("b"); }""")]
    [InlineData("""[PostLoad] void P() => Weight = New(base.ToString()!.Length * Weight); public override string ToString() => "s";""")]
    [InlineData("""Scale? Child { get; } int Volume => Size * Depth; int Depth { get; init; } [PostLoad] void P() => Bias = New(Weight * Child!.Size * Child.Volume * Child.Depth);""")]
    [InlineData("""Wrap? Child { get; } [PostLoad] void P() => Bias = New(Weight * Child!.Count * Child.Half);""")]
    [InlineData("""ReLU Act { get; } = nn.ReLU(); [PostLoad] void P() => Bias = New(Act.call(Weight) + Act.forward(Bias)); """)]
    [InlineData("""Scale[] Layers { get; } = []; [PostLoad] void P() => Bias = New(Weight * Layers.Length);""")]
    [InlineData("""Sequential? Body { get; } Tensor Run(Tensor x) => Body!.forward(x); [PostLoad] void P() { }""")]
    public Task Stays_quiet_on_what_does_not(string code) => Verify.Analyzer<HiddenEffectAnalyzer>(Layer.With(code, after: Wrap));

    private const string Wrap = """
        class Wrap() : Module("wrap")
        {
            public Scale? Inner { get; set; }
            public int Count { get; } = 2;
            public int Half => Count / 2;
            public Tensor First { get { foreach (var p in parameters()) return p; return zeros(1); } }
            public Tensor Run(Tensor x) => Inner!.Weight * x;
        }
        """;

    private const string Sums = """
        static class Sums
        {
            public static Tensor Total(this ParameterSet all) => zeros(all.Count);
            public static Tensor One(BoundParameter bound) => bound.Value!;
        }
        """;

    private static string Derived(string code) => $$"""
        public abstract class Between(string name) : Module(name)
        {
            private readonly Linear _other = nn.Linear(2, 2);
            public int Factor { get; } = 2;
            protected abstract Tensor Source { get; }
            protected abstract int Half { get; }
            protected Tensor Indirect => Doubled();
            protected Tensor Doubled() => Source * 2;
            protected Tensor Padded(Tensor value) => _other.call(value) * Factor;
            protected Tensor Sized(Tensor value) => value[..Half];
            protected static Tensor Static(Tensor value) => value;
            protected void First() { foreach (var p in parameters()) p.sum(); }
        }

        [ParameterModule]
        public sealed partial class Scale : Between
        {
            public Scale() : base("scale") => CreateParameters();
            [Axis] public int Size => 4;
            [Parameter("size"), FromCheckpoint("weight", "size")] public partial Parameter Weight { get; private set; }
            [Parameter("size")] public partial Parameter Twice { get; private set; }
            [Axis] protected override int Half => 2;
            protected override Tensor Source => Weight;
            {{code}}
        }
        """;

    [Fact]
    public Task Fires_on_a_delegate_of_a_primary_constructor() => Verify.Analyzer<HiddenEffectAnalyzer>(
        """[ParameterModule] partial class Own(Action hook) : Module("o") { [PostLoad] void P() => {|LANY0022:hook|}(); void M() => hook(); }""");
}
