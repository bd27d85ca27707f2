using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class HeldTensorAnalyzerTests
{
    [Fact]
    public Task Fires_on_a_field() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """private Tensor? {|LANY0024:_cache|} = null;"""));

    [Fact]
    public Task Fires_on_a_property() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """public Parameter? {|LANY0024:Held|} { get; set; }"""));

    [Fact]
    public Task Fires_on_a_list() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """private readonly List<Parameter> {|LANY0024:_all|} = [];"""));

    [Fact]
    public Task Fires_on_an_array() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """private readonly Tensor[] {|LANY0024:_all|} = [];"""));

    [Fact]
    public Task Stays_quiet_on_what_is_computed() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        """public Tensor Twice => Weight * 2; private Func<Tensor, Tensor>? _activation; private static readonly Tensor? Shared = null;"""));

    [Fact]
    public Task Stays_quiet_on_other_classes() => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(
        "", after: """class Engine { private Tensor? _cache; public Parameter? Held { get; set; } Tensor? Get() => _cache; }"""));

    [Theory]
    [InlineData("""private static Parameter? {|LANY0024:s_shared|} = null;""")]
    [InlineData("""private readonly Dictionary<string, (Tensor, int)> {|LANY0024:_all|} = [];""")]
    [InlineData("""private Lazy<Tensor>? {|LANY0024:_lazy|} = null;""")]
    [InlineData("""private Tensor? {|LANY0024:_once|}; Tensor Once => _once ??= Weight * 2;""")]
    [InlineData("""Tensor? {|LANY0024:Twice|} { get => field ??= Weight * 2; }""")]
    [InlineData("""struct Pair { public Tensor A; public int B; } private Pair {|LANY0024:_pair|} = default;""")]
    [InlineData("""struct Inner { public Tensor[] All; } readonly struct Outer { readonly Inner _inner; Inner M() => _inner; } private Outer? {|LANY0024:_outer|} = null;""")]
    [InlineData("""record struct Cache(Tensor K, Tensor V); private Cache {|LANY0024:_cache|} { get; set; }""")]
    [InlineData("""class Tensors : List<Tensor> { } private readonly Tensors {|LANY0024:_all|} = [];""")]
    [InlineData("""private static readonly List<Parameter> {|LANY0024:s_all|} = [];""")]
    [InlineData("""private static readonly Parameter[] {|LANY0024:s_all|} = [];""")]
    [InlineData("""private static Tensor? {|LANY0024:s_cache|}; [PostLoad] void P() => s_cache = Weight * 2; Tensor? M() => s_cache;""")]
    [InlineData("""private static Tensor? {|LANY0024:Cache|} { get; set; }""")]
    [InlineData("""private static readonly Dictionary<int, Tensor> {|LANY0024:s_cache|} = [];""")]
    [InlineData("""private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Scale, Tensor> {|LANY0024:s_cache|} = [];""")]
    [InlineData("""private Func<Tensor> _mask = null!; public Scale(Tensor mask) : base("s") { CreateParameters(); _mask = () => {|LANY0024:mask|}; }""")]
    [InlineData("""private Func<Tensor> _mask; public Scale(int n) : base("s") { CreateParameters(); var mask = zeros(n); _mask = () => { int k = 1; return {|LANY0024:mask|} * k; }; }""")]
    [InlineData("""private Func<Tensor> Mask { get; } = null!; public Scale(Tensor[] masks) : base("s") { CreateParameters(); Mask = masks.Length > 1 ? () => {|LANY0024:masks|}[0] : null!; }""")]
    [InlineData("""private Func<Tensor, Tensor> _add; public Scale(int n) : base("s") { CreateParameters(); _add = {|LANY0024:Weight|}.add; }""")]
    [InlineData("""private event Func<Tensor, Tensor>? Changed; [PostLoad] void P() { var w = Weight; _all = [t => t * {|LANY0024:w|}]; } private Func<Tensor, Tensor>[] _all = [];""")]
    [InlineData("""private object? _cache; [PostLoad] void P() => _cache = {|LANY0024:Weight * 2|};""")]
    [InlineData("""private IDisposable? _cache; void M() => _cache ??= {|LANY0024:zeros(2)|};""")]
    [InlineData("""private object _cache = {|LANY0024:zeros(2)|};""")]
    [InlineData("""private object[] _cache = [1, {|LANY0024:zeros(2)|}];""")]
    [InlineData("""private object Cache { get; set; } = {|LANY0024:new Tensor[2]|};""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Plain() : Module("p") { protected Tensor? Held = null; } [ParameterModule] partial class {|LANY0024:Own|} : Plain;""")]
    [InlineData("""class Plain() : Module("p") { public Tensor Held { get; } = zeros(2); } [ParameterModule] partial class {|LANY0024:Own|} : Plain;""")]
    [InlineData("""class Plain(Tensor mask) : Module("p") { public Tensor M() => mask; } [ParameterModule] partial class {|LANY0024:Own|}() : Plain(zeros(2));""")]
    [InlineData("""class Louder : Scale { private Tensor? {|LANY0024:_cache|} = null; Tensor? Get() => _cache; }""")]
    [InlineData("""[ParameterModule] partial class Mask(Tensor {|LANY0024:mask|}) : Module("m") { Tensor M() => mask; }""")]
    [InlineData("""[ParameterModule] partial class Mask(Tensor mask) : Module("m") { Func<Tensor> Later { get; } = () => {|LANY0024:mask|}; }""")]
    [InlineData("""struct Pair { public Tensor A; } class Plain() : Module("p") { protected Pair Held = default; } [ParameterModule] partial class {|LANY0024:Own|} : Plain;""")]
    [InlineData("""class Louder : Scale { private object _cache; public Louder() => _cache = {|LANY0024:Weight.clone()|}; }""")]
    public Task Fires_elsewhere(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With("", after: code));

    [Theory]
    [InlineData("""Tensor M(Tensor t) { var local = t * 2; return local; }""")]
    [InlineData("""private static readonly Tensor[] s_tables = []; private static readonly Lazy<Tensor> s_mask = new(() => zeros(2)); private static readonly (Tensor, int) s_pair = default; private static System.Collections.Immutable.ImmutableArray<int> s_sizes;""")]
    [InlineData("""struct Sizes { public int A; public Func<Tensor> F; public static Tensor? S = null; } private Sizes _sizes = default; private Sizes? _more = null; private DateTime _now = default;""")]
    [InlineData("""private Func<Tensor, Tensor> _act = t => { var twice = t * 2; return twice; }; private Func<Tensor> _own = null!; void M(Tensor t) { _own = () => Weight * Size; Func<Tensor> local = () => t; local(); }""")]
    [InlineData("""private Func<Tensor, Tensor> _act = sin; private object _size = 2; private float _largest; [PostLoad] void P() => _largest = Weight.max().ToSingle();""")]
    [InlineData("""class Cache { public Tensor? A; } private Cache _cache = new();""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""abstract class Plain() : Module("p") { public Tensor Twice(Tensor t) => t * 2; public abstract Tensor Held { get; set; } } [ParameterModule] abstract partial class Own : Plain;""")]
    [InlineData("""[ParameterModule] partial class Mask(Tensor mask) : Module("m") { public long Size { get; } = mask.shape[0]; }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<HeldTensorAnalyzer>(Layer.With("", after: code));
}
