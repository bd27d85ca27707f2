using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class HeldModuleAnalyzerTests
{
    [Theory]
    [InlineData("""private readonly Linear {|LANY0037:_proj|} = nn.Linear(2, 2);""")]
    [InlineData("""private readonly Dictionary<string, Linear> {|LANY0037:_all|} = [];""")]
    [InlineData("""private readonly List<Scale> {|LANY0037:_all|} = [];""")]
    [InlineData("""private readonly Lazy<Scale>? {|LANY0037:_lazy|} = null;""")]
    [InlineData("""class Inside { } private readonly (Scale, int) {|LANY0037:_pair|} = default;""")]
    [InlineData("""public Dictionary<string, Scale> {|LANY0037:All|} { get; } = [];""")]
    [InlineData("""class Layers : List<Linear> { } private readonly Layers {|LANY0037:_all|} = [];""")]
    [InlineData("""struct Pair { public Linear A; } private Pair {|LANY0037:_pair|} = default;""")]
    [InlineData("""private readonly IModule<Tensor, Tensor> {|LANY0037:_act|} = nn.ReLU();""")]
    [InlineData("""private object _proj = {|LANY0037:nn.Linear(2, 2)|};""")]
    [InlineData("""private IDisposable? _proj; public Scale(Linear proj) : base("s") { CreateParameters(); _proj = {|LANY0037:proj|}; }""")]
    [InlineData("""private object[] _all = []; public Scale(int n) : base("s") { CreateParameters(); _all = [n, {|LANY0037:nn.Linear(n, n)|}]; }""")]
    [InlineData("""interface ILayer { } class Inner() : Module("i"), ILayer; private ILayer Layer { get; } = {|LANY0037:new Inner()|};""")]
    [InlineData("""public Scale {|LANY0037:Child|} => new();""")]
    [InlineData("""public Scale {|LANY0037:Child|} { get => new Scale(); }""")]
    [InlineData("""public ModuleList<Scale> {|LANY0037:All|} => new();""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<HeldModuleAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""private readonly Linear _proj = nn.Linear(2, 2); public Linear Proj => _proj;""")]
    [InlineData("""private Scale? _child; public Scale Child => _child ??= new();""")]
    [InlineData("""public Linear Proj { get; } = nn.Linear(2, 2); public IReadOnlyList<Scale> All { get; } = [];""")]
    [InlineData("""private readonly WeakReference<Scale>? _parent = null; private static readonly Scale? s_one = null; private Func<Scale>? _make = null;""")]
    [InlineData("""private readonly Linear _proj = nn.Linear(2, 2); public partial Linear Proj { get; } public partial Linear Proj => _proj;""")]
    [InlineData("""void M() { var local = nn.Linear(2, 2); local.Dispose(); object other = nn.ReLU(); }""")]
    [InlineData("""private WeakReference<Module> _parent = null!; private object? _lock = new(); void M(Module parent) => _parent = new(parent);""")]
    [InlineData("""public Scale Make() => new(); public Scale Child { get; } = new(); public int N => new List<int>().Count;""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<HeldModuleAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Plain() : Module("p") { public Linear Proj { get; } = nn.Linear(2, 2); } [ParameterModule] partial class {|LANY0037:Own|} : Plain;""")]
    [InlineData("""class Plain() : Module("p") { protected readonly Linear Proj = nn.Linear(2, 2); } [ParameterModule] partial class {|LANY0037:Own|} : Plain;""")]
    [InlineData("""class Plain() : Module("p") { private readonly List<Linear> _all = []; int N => _all.Count; } class Between : Plain; partial class Own; [ParameterModule] partial class {|LANY0037:Own|} : Between;""")]
    [InlineData("""class Plain(Linear proj) : Module("p") { public Tensor Run(Tensor x) => proj.call(x); } [ParameterModule] partial class {|LANY0037:Own|}() : Plain(nn.Linear(2, 2));""")]
    [InlineData("""class Plain<T>(T proj) : Module("p") where T : Module { public T Proj { get; } = proj; } [ParameterModule] partial class {|LANY0037:Own|}() : Plain<Linear>(nn.Linear(2, 2));""")]
    [InlineData("""class Plain() : Module("p") { private Linear _proj = nn.Linear(2, 2); Linear M() => _proj; } [ParameterModule] partial class {|LANY0037:Own|} : Plain { private Linear _proj = nn.Linear(2, 2); public Linear Proj => _proj; }""")]
    [InlineData("""class Plain() : Module("p") { public Linear Proj { get; } = nn.Linear(2, 2); } [ParameterModule] partial class {|LANY0037:Own|} : Plain { public Linear Other => Proj; }""")]
    [InlineData("""class Plain() : Module("p") { public Linear A { get; } = nn.Linear(2, 2); public Linear B { get; } = nn.Linear(2, 2); } [ParameterModule] partial class {|LANY0037:{|LANY0037:Own|}|} : Plain;""")]
    [InlineData("""class Plain<T>() : Module("p") where T : Module { protected readonly List<T> All = []; protected T? One = null; } [ParameterModule] partial class {|LANY0037:{|LANY0037:Own|}|} : Plain<Linear>;""")]
    [InlineData("""class Plain<T>(T value) : Module("p") { protected T Value { get; set; } = value; protected T[] All = []; } [ParameterModule] partial class {|LANY0037:{|LANY0037:Own|}|}() : Plain<Linear>(nn.Linear(2, 2));""")]
    [InlineData("""class Plain() : Module("p") { private readonly List<Linear> _all = []; public IReadOnlyList<Linear> All => _all; } [ParameterModule] partial class {|LANY0037:Own|} : Plain;""")]
    [InlineData("""class Plain() : Module("p") { protected internal ModuleList<Linear> All { get; private protected set; } = new(); } [ParameterModule] partial class {|LANY0037:Own|} : Plain;""")]
    [InlineData("""[ParameterModule] partial class {|LANY0037:Own|}() : Sequential(nn.Linear(2, 2));""")]
    [InlineData("""interface IHas { Linear Proj { get; } } [ParameterModule] partial class Own() : Module("o"), IHas { Linear IHas.{|LANY0037:Proj|} { get; } = nn.Linear(2, 2); }""")]
    [InlineData("""class Louder : Scale { private Linear {|LANY0037:_proj|} = nn.Linear(2, 2); public Linear Proj => _proj; }""")]
    [InlineData("""class Louder : Scale { public Linear {|LANY0037:Proj|} { get; } = nn.Linear(2, 2); }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<HeldModuleAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""class Plain() : Module("p") { protected readonly Linear _proj = nn.Linear(2, 2); } [ParameterModule] partial class Own : Plain { public Linear Proj => _proj; }""")]
    [InlineData("""abstract class Plain() : Module("p") { public abstract Linear Proj { get; } } [ParameterModule] partial class Own : Plain { public override Linear Proj { get; } = nn.Linear(2, 2); }""")]
    [InlineData("""class Plain() : Module("p") { public virtual Linear? Proj { get; } } class Between : Plain; [ParameterModule] partial class Own : Between { public override Linear Proj { get; } = nn.Linear(2, 2); }""")]
    [InlineData("""abstract class Plain() : Module("p") { public Linear First => All[0]; public abstract Linear[] All { get; } } [ParameterModule] abstract partial class Own : Plain;""")]
    [InlineData("""[ParameterModule] partial class Own() : Module("o") { public virtual Linear? Proj { get; } } class Louder : Own { public override Linear Proj { get; } = nn.Linear(2, 2); }""")]
    [InlineData("""class Engine { private Scale _scale = new(); Scale M() => _scale; }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<HeldModuleAnalyzer>(Layer.With("", after: code));

    [Fact]
    public Task Fires_on_what_a_primary_constructor_captures() => Verify.Analyzer<HeldModuleAnalyzer>(
        """[ParameterModule] partial class Outer(Linear {|LANY0037:proj|}) : Module("o") { Tensor M(Tensor x) => proj.call(x); }""");
}
