using Lanyard.Generator.Analyzers.Modules;

namespace Lanyard.Generator.Tests.Analyzers.Modules;

public sealed class BetweenModuleAnalyzerTests
{
    private const string Layers = """
        public class Plain : Module<Tensor, Tensor>
        {
            public Plain() : base("plain") => RegisterComponents();
            public Scale Inner { get; } = new();
            public override Tensor forward(Tensor x) => x;
        }
        public class Weighted() : Module<Tensor, Tensor>("weighted")
        {
            private readonly Parameter _weight = new(zeros(2));
            public override Tensor forward(Tensor x) => x * _weight;
        }
        public class Linears() : Module<Tensor, Tensor>("linears")
        {
            private readonly Linear _proj = Linear(2, 2);
            public override Tensor forward(Tensor x) => _proj.call(x);
        }
        public class Around() : Module<Tensor, Tensor>("around")
        {
            private readonly List<Plain> _all = [new()];
            public override Tensor forward(Tensor x) => _all[0].call(x);
        }
        public class Derived : Plain;
        public class Wrap<T>(T inner) : Module<Tensor, Tensor>("wrap") where T : Module
        {
            public T Inner { get; } = inner;
            public override Tensor forward(Tensor x) => x;
        }
        public abstract class Mlp() : Module<Tensor, Tensor>("mlp");
        public class PlainMlp : Mlp
        {
            private Scale _inner = new();
            public override Tensor forward(Tensor x) => x;
        }
        [ParameterModule] public partial class Dense : Mlp
        {
            public override Tensor forward(Tensor x) => x;
        }
        public class Act() : Module<Tensor, Tensor>("act")
        {
            private readonly Tensor _table = zeros(2);
            private readonly SiLU _silu = SiLU();
            public override Tensor forward(Tensor x) => _silu.call(x) + _table;
        }
        public class Louder : Scale;
        """;

    [Theory]
    [InlineData("""public Plain {|LANY0047:Block|} { get; } = new();""")]
    [InlineData("""public ModuleList<Plain> {|LANY0047:Blocks|} { get; } = new(new Plain());""")]
    [InlineData("""public Weighted[] {|LANY0047:Blocks|} { get; } = [];""")]
    [InlineData("""public Linears? {|LANY0047:Block|} { get; }""")]
    [InlineData("""public Around? {|LANY0047:Block|} { get; }""")]
    [InlineData("""public Derived? {|LANY0047:Block|} { get; }""")]
    [InlineData("""public Wrap<Dense>? {|LANY0047:Block|} { get; } public Wrap<Act>? Fine { get; }""")]
    [InlineData("""public Mlp Mlp { get; } = new {|LANY0047:PlainMlp|}();""")]
    [InlineData("""public Mlp Mlp { get; } = {|LANY0047:Make|}(true); static Mlp Make(bool isDense) => isDense ? new Dense() : new PlainMlp();""")]
    [InlineData("""public Sequential Body { get; } = Sequential(new Dense(), new {|LANY0047:Plain|}());""")]
    [InlineData("""public Scale(int n) : base("s") { CreateParameters(); for (var i = 0; i < n; i++) Blocks.Add(new {|LANY0047:Plain|}()); } public ModuleList<Module> Blocks { get; } = new();""")]
    public Task Fires_in_the_class(string code) => Verify.Analyzer<BetweenModuleAnalyzer>(Layer.With(code, after: Layers));

    [Theory]
    [InlineData("""public Dense Block { get; } = new(); public Act Act { get; } = new(); public Louder? Other { get; } public Module? Any { get; }""")]
    [InlineData("""public Mlp Mlp { get; } = new Dense(); public Sequential Body { get; } = Sequential(new Act(), new Dense()); public Linear Proj { get; } = Linear(2, 2);""")]
    [InlineData("""private static readonly Plain s_plain = new(); private WeakReference<Plain>? _other = null; public Plain Make() => new();""")]
    [InlineData("""public ModuleDict<Dense>? Named { get; }""")]
    public Task Stays_quiet_in_the_class(string code) => Verify.Analyzer<BetweenModuleAnalyzer>(Layer.With(code, after: Layers));

    /// <summary>Nothing can be loaded into it but through what it holds, so that it is not in the way.</summary>
    [Fact]
    public Task Stays_quiet_on_what_holds_a_model_and_is_held_by_none() => Verify.Analyzer<BetweenModuleAnalyzer>(
        Layer.With("", after: """public class ActorCritic : Module { public ActorCritic() : base("both") => RegisterComponents(); public Scale Actor { get; } = new(); public Linear Value { get; } = Linear(4, 1); }"""));
}
