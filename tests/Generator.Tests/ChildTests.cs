using System.Text.RegularExpressions;

namespace Lanyard.Generator.Tests;

/// <summary>Which properties hold children: each module is registered and loaded once, and none is forgotten.</summary>
public sealed partial class ChildTests
{
    [Theory]
    [InlineData("public Linear L => _l;")]
    [InlineData("public Linear L => this._l;")]
    [InlineData("public Linear L => (_l!);")]
    [InlineData("public Linear L => (Linear)_module;")]
    [InlineData("public Linear? L => _module as Linear;")]
    [InlineData("public Linear? L => On ? _l : null;")]
    [InlineData("public Linear L => On ? _l : throw new InvalidOperationException();")]
    [InlineData("public Linear? L => (On, 1) switch { (true, _) => _l, _ => default };")]
    [InlineData("public Linear L => _l ?? throw new InvalidOperationException();")]
    [InlineData("public Linear L => _l ??= nn.Linear(1, 1);")]
    [InlineData("public Linear L { get => _l; set => _l = value; }")]
    [InlineData("public Linear L { get { return _l; } }")]
    [InlineData("public Linear L { get { ArgumentNullException.ThrowIfNull(_l); return _l; } }")]
    [InlineData("public Linear L { get { if (!On) _l = nn.Linear(1, 1); return _l; } }")]
    [InlineData("public Linear? L { get { if (!On) return null; return _l; } }")]
    [InlineData("public Linear L { get { Func<Linear> first = () => { return Layers[0]; }; _ = first; return _l; } }")]
    [InlineData("public Linear L { get { _ = First(); return _l; Linear First() { return Layers[0]; } } }")]
    [InlineData("public Linear L { get { var made = field; return made; } } = nn.Linear(1, 1);")]
    [InlineData("public Linear L { get => System.Threading.Volatile.Read(ref field); } = nn.Linear(1, 1);")]
    [InlineData("public Linear L => Inherited;")]
    [InlineData("public Linear L => base.Inherited;")]
    [InlineData("public Linear L => given;")]
    [InlineData("public partial Linear L { get; } public partial Linear L => _l;")]
    [InlineData("public override Linear Abstract { get; } = nn.Linear(1, 1); public Linear L => Abstract; public Linear Other => Layers[0];", "abstract")]
    public void A_property_that_stores_a_module_holds_a_child(string property, string name = "l") => Assert.Equal([name, "layers"], Children(property));

    [Theory]
    [InlineData("public Linear L => Layers[0];")]
    [InlineData("public Linear L => _list[0];")]
    [InlineData("public Linear? L => Layers.FirstOrDefault();")]
    [InlineData("public Linear? L => On ? Layers[0] : _l;")]
    [InlineData("public Linear L { get { var _l = Layers[0]; return _l; } }")]
    [InlineData("public Linear L { get { Func<Linear> make = () => { return _l; }; return Layers[0]; } }")]
    [InlineData("public Linear L { get { return Local(); Linear Local() { return _l; } } }")]
    [InlineData("public Linear L { get { throw new NotSupportedException(); } }")]
    [InlineData("public Linear L => s_shared;")]
    [InlineData("public partial Linear L { get; } public partial Linear L => Layers[0];")]
    public void One_that_only_looks_a_module_up_does_not(string property) => Assert.Equal(["layers"], Children(property));

    [Fact]
    public void Two_that_share_a_checkpoint_name_are_registered_apart()
    {
        var file = Generate("""[CheckpointName("ffn")] public Linear? Dense => _module as Linear; [CheckpointName("ffn")] public Sequential? Sparse => _module as Sequential;""");
        Assert.Equal(["dense", "sparse", "layers"], Registered().Matches(file).Select(match => match.Groups[1].Value));
        Assert.Equal(["ffn", "ffn", "layers"], Loaded().Matches(file).Select(match => match.Groups[1].Value));
    }

    [Theory]
    [InlineData("public ModuleList<Linear> L { get; } = null!;", "Register", "visitor.VisitEach(\"l\", _module.L);")]
    [InlineData("public Linear[] L { get; } = [];", "RegisterEach", "visitor.VisitEach(\"l\", _module.L);")]
    [InlineData("public List<Linear> L { get; } = [];", "RegisterEach", "visitor.VisitEach(\"l\", _module.L);")]
    [InlineData("public IReadOnlyList<Linear?>? L { get; }", "RegisterEach", "visitor.VisitEach(\"l\", _module.L);")]
    [InlineData("public ModuleDict<Linear> L { get; } = null!;", "Register", "visitor.Visit(\"l\", _module.L);")]
    [InlineData("[CheckpointName(\"layers\", First = nameof(Count), Total = \"Count\")] public Linear[] L { get; } = []; public long Count => 1;", "RegisterEach", "visitor.VisitEach(\"layers\", _module.L, null, global::Lanyard.ListNumbers.From(checked((int)_module.Count), checked((int)_module.Count)));")]
    [InlineData("[CheckpointName(\"blk\", Format = \"gguf\", Numbers = nameof(Each))] public Linear[] L { get; } = []; public static int[] Each => [];", "RegisterEach", "visitor.VisitEach(\"l\", _module.L, \"l\", global::Lanyard.ListNumbers.Of(")]
    [InlineData("[CheckpointName(\"old\", Convention = \"old\"), CheckpointName(\"new\", Convention = \"new\")] public Linear[] L { get; } = [];", "RegisterEach", "visitor.VisitEach(\"old\", _module.L, \"l\");")]
    [InlineData("[CheckpointName(\"old\", Convention = \"old\"), CheckpointName(\"new\")] public Linear[] L { get; } = [];", "RegisterEach", "visitor.VisitEach(\"new\", _module.L, \"l\");")]
    public void Lists_are_registered_item_by_item_unless_they_are_modules(string property, string method, string loaded)
    {
        var file = Generate(property);
        Assert.Contains($"""ModuleChildren.{method}(_module, _module._internal_submodules, "l", _module.L);""", file, StringComparison.Ordinal);
        Assert.Contains(loaded, file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IList<Linear>")]
    [InlineData("IEnumerable<Linear>")]
    [InlineData("Dictionary<string, Linear>")]
    [InlineData("Linear[,]")]
    public void What_has_no_order_to_count_in_holds_none(string type) => Assert.Equal(["layers"], Children($"public {type} L {{ get; }} = null!;"));

    private static IEnumerable<string> Children(string property) => Registered().Matches(Generate(property)).Select(match => match.Groups[1].Value);

    // The storage that a case does not use is the compiler's to warn of, and no matter here.
    private static string Generate(string property) => Harness.Generate($$"""
        #pragma warning disable CS0162, CS0169, CS0414, CS0649, CS8618, CS9113
        {{(property.Contains("override", StringComparison.Ordinal) ? "abstract " : "")}}class Base() : Module<Tensor, Tensor>("base")
        {
            protected readonly Linear Inherited = null!;
            {{(property.Contains("override", StringComparison.Ordinal) ? "public abstract Linear Abstract { get; }" : "")}}
            public override Tensor forward(Tensor input) => input;
        }

        [ParameterModule]
        sealed partial class C(Linear given) : Base
        {
            private static readonly Linear s_shared = null!;
            private readonly List<Linear> _list = [];
            private Linear _l = null!;
            private Module _module = null!;
            private bool On => _list.Count > 0;
            {{property}}
            public ModuleList<Linear> Layers { get; } = null!;
        }
        """)["C.g.cs"];

    [GeneratedRegex("""_internal_submodules, "(.*?)",""")]
    private static partial Regex Registered();

    [GeneratedRegex("""visitor\.Visit(?:Each)?\("(.*?)",""")]
    private static partial Regex Loaded();
}
