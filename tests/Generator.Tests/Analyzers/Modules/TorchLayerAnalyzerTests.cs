using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class TorchLayerAnalyzerTests
{
    [Theory]
    [InlineData("""public Linear {|LANY0048:Proj|} { get; } = Linear(4, 3);""")]
    [InlineData("""public Embedding? {|LANY0048:Tokens|} { get; }""")]
    [InlineData("""public ModuleList<Conv2d> {|LANY0048:Convs|} { get; } = new();""")]
    [InlineData("""public List<LayerNorm> {|LANY0048:Norms|} { get; } = [];""")]
    [InlineData("""public BatchNorm2d[] {|LANY0048:Norms|} { get; } = []; public PReLU? {|LANY0048:Act|} { get; } public LSTM? {|LANY0048:Memory|} { get; }""")]
    [InlineData("""public MultiheadAttention? {|LANY0048:Attention|} { get; } public TransformerEncoder? {|LANY0048:Encoder|} { get; } public ParameterList? {|LANY0048:All|} { get; }""")]
    [InlineData("""private readonly Linear _proj = nn.Linear(2, 2); public Linear {|LANY0048:Proj|} => _proj;""")]
    [InlineData("""public Module<Tensor, Tensor> Proj { get; } = {|LANY0048:Linear|}(4, 3);""")]
    [InlineData("""private readonly Module<Tensor, Tensor> _proj = nn.{|LANY0048:Linear|}(4, 3); public Module<Tensor, Tensor> Proj => _proj;""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Proj = n > 2 ? {|LANY0048:Linear|}(n, n) : ReLU(); } public Module<Tensor, Tensor> Proj { get; } = ReLU();""")]
    [InlineData("""public Sequential Body { get; } = Sequential(("a", {|LANY0048:Linear|}(4, 4)), ("b", ReLU()));""")]
    [InlineData("""public Sequential Body { get; } = Sequential(ReLU(), Sequential({|LANY0048:Linear|}(4, 4)));""")]
    [InlineData("""public Sequential Body { get; } = Sequential(System.Linq.Enumerable.Select(System.Linq.Enumerable.Range(0, 2), {|LANY0048:Make|})); static Module<Tensor, Tensor> Make(int n) => Linear(n, n);""")]
    [InlineData("""public ModuleList<Module> All { get; } = new({|LANY0048:Linear|}(4, 4), ReLU());""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); var all = new List<Module>(); for (var i = 0; i < n; i++) all.Add({|LANY0048:Linear|}(i, i)); All = new([.. all]); } public ModuleList<Module> All { get; } = new();""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); All = new(System.Linq.Enumerable.ToArray(System.Linq.Enumerable.Select(new int[n], i => (Module){|LANY0048:Linear|}(i, i)))); } public ModuleList<Module> All { get; } = new();""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); All.Add({|LANY0048:Linear|}(n, n)); } public ModuleList<Module> All { get; } = new();""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Act = {|LANY0048:Make|}(n); } public Module<Tensor, Tensor> Act { get; } = ReLU(); static Module<Tensor, Tensor> Make(int n) => n > 2 ? Linear(n, n) : ReLU();""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); Module<Tensor, Tensor> act; act = {|LANY0048:Linear|}(n, n); Act = act; } public Module<Tensor, Tensor> Act { get; } = ReLU();""")]
    [InlineData("""public class Wrap(Module<Tensor, Tensor> inner) : Module<Tensor, Tensor>("w") { public override Tensor forward(Tensor x) => inner.call(x); } public Wrap Act { get; } = new({|LANY0048:Linear|}(2, 2));""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<TorchLayerAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""public Dropout Drop { get; } = Dropout(0.1); public SiLU Act { get; } = SiLU(); public Identity Same { get; } = Identity(); public MaxPool2d? Pool { get; } public CrossEntropyLoss? Loss { get; }""")]
    [InlineData("""public Sequential Body { get; } = Sequential(SiLU(), Dropout()); public ModuleList<Module> All { get; } = new(ReLU()); public ModuleDict<Module>? Named { get; }""")]
    [InlineData("""public Scale? Child { get; } public ModuleList<Scale> Children2 { get; } = new(new Scale());""")]
    [InlineData("""public Tensor First() { using var linear = Linear(2, 2); return linear.weight!.clone(); }""")]
    [InlineData("""private readonly WeakReference<Linear>? _other = null; public Linear Made(int n) => Linear(n, n);""")]
    [InlineData("""public class Own<T>(Module<Tensor, Tensor> inner) : Module<Tensor, Tensor>("w") { public override Tensor forward(Tensor x) => inner.call(x); } public Own<int> Act { get; } = new(ReLU());""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<TorchLayerAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Plain() : Module("p") { public Linear Proj { get; } = Linear(2, 2); }""")]
    [InlineData("""class Trainer(Scale scale) { public Scale Scale { get; } = scale; public Linear Head { get; } = Linear(4, 2); }""")]
    [InlineData("""abstract class Projecting() : Module("p") { public abstract Linear Proj { get; } }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<TorchLayerAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""abstract class Projecting() : Module("p") { public abstract Linear Proj { get; } } [ParameterModule] partial class Own : Projecting { public override Linear {|LANY0048:Proj|} { get; } = Linear(2, 2); }""")]
    [InlineData("""[ParameterModule] partial class Own<T>() : Module("o") where T : Convolution { public T? {|LANY0048:Proj|} { get; } }""")]
    [InlineData("""class Louder : Scale { public Louder() => Act = {|LANY0048:Linear|}(2, 2); }""", """protected Module<Tensor, Tensor>? Act { get; set; }""")]
    public Task Fires_elsewhere(string code, string members = "") => Verify.Analyzer<TorchLayerAnalyzer>(Layer.With(members, after: code));
}
