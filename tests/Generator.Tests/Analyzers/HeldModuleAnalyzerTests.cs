using Lanyard.Generator.Analyzers;

namespace Lanyard.Generator.Tests.Analyzers;

public sealed class HeldModuleAnalyzerTests
{
    [Theory]
    [InlineData("""private readonly Linear {|LANY0037:_proj|} = nn.Linear(2, 2);""")]
    [InlineData("""private readonly Dictionary<string, Linear> {|LANY0037:_all|} = [];""")]
    [InlineData("""private readonly List<Scale> {|LANY0037:_all|} = [];""")]
    [InlineData("""private readonly Lazy<Scale>? {|LANY0037:_lazy|} = null;""")]
    [InlineData("""class Inside { } private readonly (Scale, int) {|LANY0037:_pair|} = default;""")]
    [InlineData("""public Dictionary<string, Scale> {|LANY0037:All|} { get; } = [];""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<HeldModuleAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""private readonly Linear _proj = nn.Linear(2, 2); public Linear Proj => _proj;""")]
    [InlineData("""private Scale? _child; public Scale Child => _child ??= new();""")]
    [InlineData("""public Linear Proj { get; } = nn.Linear(2, 2); public IReadOnlyList<Scale> All { get; } = [];""")]
    [InlineData("""private readonly WeakReference<Scale>? _parent = null; private static readonly Scale? s_one = null; private Func<Scale>? _make = null;""")]
    [InlineData("""void M() { var local = nn.Linear(2, 2); local.Dispose(); }""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<HeldModuleAnalyzer>(Layer.With(code));

    [Theory]
    [InlineData("""class Engine { private Scale _scale = new(); Scale M() => _scale; }""")]
    public Task Stays_quiet_elsewhere(string code) => Verify.Analyzer<HeldModuleAnalyzer>(Layer.With("", after: code));

    [Fact]
    public Task Fires_on_what_a_primary_constructor_captures() => Verify.Analyzer<HeldModuleAnalyzer>(
        """[ParameterModule] partial class Outer(Linear {|LANY0037:proj|}) : Module("o") { Tensor M(Tensor x) => proj.call(x); }""");
}
