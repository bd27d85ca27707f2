namespace Lanyard.Generator.Tests;

/// <summary>Classes and properties of every shape: the generated half compiles without an error and without a warning.</summary>
public sealed class ShapeTests
{
    [Theory]
    [InlineData("public partial Parameter W { get; set; }")]
    [InlineData("public partial Parameter W { get; private set; }")]
    [InlineData("public partial Parameter W { private get; set; }")]
    [InlineData("public partial Parameter W { get; protected set; }")]
    [InlineData("public partial Parameter W { get; protected internal set; }")]
    [InlineData("protected internal partial Parameter W { get; private protected set; }")]
    [InlineData("public partial Parameter W { set; get; }")]
    [InlineData("public partial Parameter W { get; }")]
    [InlineData("public partial Parameter W { get; init; }")]
    [InlineData("public required partial Parameter W { get; set; }")]
    [InlineData("public required partial Parameter W { get; init; }")]
    [InlineData("internal partial Parameter W { get; set; }")]
    [InlineData("private partial Parameter W { get; set; }")]
    [InlineData("partial Parameter W { get; set; }")]
    [InlineData("protected partial Parameter W { get; set; }")]
    [InlineData("private protected partial Parameter W { get; set; }")]
    [InlineData("public virtual partial Parameter W { get; set; }")]
    [InlineData("public new partial Parameter ToString { get; set; }")]
    [InlineData("public partial Parameter? W { get; set; }")]
    [InlineData("public partial Parameter? W { get; }")]
    [InlineData("public partial TorchSharp.Modules.Parameter @event { get; set; }")]
    [InlineData("public partial Parameter @field { get; set; }")]
    [InlineData("public partial Parameter value { get; set; }")]
    [InlineData("public partial Parameter index { get; set; }")]
    [InlineData("public partial Parameter Count { get; set; }")]
    [InlineData("public partial Parameter State { get; set; }")]
    [InlineData("public partial Parameter Axes { get; set; }")]
    [InlineData("public partial Parameter Topology { get; set; }")]
    [InlineData("public partial Parameter Größe { get; set; }")]
    [InlineData("[Obsolete] public partial Parameter W { get; set; }")]
    [InlineData("[Obsolete(\"use another\")] public partial Parameter W { get; private set; }")]
    [InlineData("public partial Parameter W { [Obsolete] get; set; }")]
    [InlineData("[Obsolete(\"use another\", DiagnosticId = \"OLD1\")] public partial Parameter W { get; set; }")]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"NEW1\")] public partial Parameter W { get; set; }")]
    [InlineData("public partial Parameter W { get; [Obsolete] set; }")]
    [InlineData("public partial Parameter W { get; [Obsolete(\"use another\", true)] set; }")]
    [InlineData("[Obsolete(\"use another\", error: true)] public partial Parameter W { get; private set; }")]
    [InlineData("[Obsolete(\"use another\", true, DiagnosticId = \"OLD1\")] public partial Parameter? W { get; init; }")]
    public void Properties(string property) => Harness.Generate(Class($"""[Parameter("n")][FromCheckpoint("w", "n")] {property}"""));

    [Theory]
    [InlineData("private int field = 1; public int Next() => ++this.field;")]
    [InlineData("[Axis] private const byte A = 1;")]
    [InlineData("[Axis] private readonly sbyte A = 1;")]
    [InlineData("[Axis] internal static ushort A => 1;")]
    [InlineData("[Axis] public static readonly short A = 1;")]
    [InlineData("[Axis] public uint A { get; }")]
    [InlineData("[Axis] public long A { get; init; }")]
    [InlineData("[Axis] public ulong A { get; private set; }")]
    [InlineData("[Axis] public nint A => 1;")]
    [InlineData("[Axis] protected nuint A => 1;")]
    [InlineData("[Axis(Shard.Tensor, Replicate = true)] public int @class => 1;")]
    [InlineData("[Axis(\"a\\\"b\", \"c\\\\\")] private const int A = 2;")]
    [InlineData("[Axis((Shard)7)] public int A => 1;")]
    [InlineData("private const string Text = \"n\" + \" n\"; [Axis] private const int A = 1;")]
    [InlineData("[Obsolete, Axis] public int A => 1;")]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"NEW1\"), Axis] public int A => 1;")]
    [InlineData("[Obsolete(\"use another\", true), Axis] public int A => 1;")]
    [InlineData("[Obsolete(\"use another\", true)] public bool Has => true; [Parameter(\"\", When = \"Has\")] public partial Parameter? W { get; set; }")]
    public void Axes(string member) => Harness.Generate(Class(member));

    [Theory]
    [InlineData("public Module<Tensor, Tensor> Child { get; set; } = null!;")]
    [InlineData("public torch.nn.Module? Child { get; private set; }")]
    [InlineData("private Linear Child { get; } = null!;")]
    [InlineData("private readonly Linear _child = null!; public Linear Child => _child;")]
    [InlineData("public required Linear Child { get; init; }")]
    [InlineData("protected virtual Linear? Child { get; }")]
    [InlineData("public Sequential @class { get; } = null!;")]
    [InlineData("public ModuleList<Linear> Children { get; } = null!;")]
    [InlineData("public ModuleList<Module<Tensor, Tensor>>? Layers { get; set; }")]
    [InlineData("public Linear[] Layers { get; } = [];")]
    [InlineData("public Linear?[]? Layers { get; } = [];")]
    [InlineData("public List<Linear> Layers { get; } = []; public Linear[] LayersIndex { get; } = []; public List<Linear> More { get; } = [];")]
    [InlineData("public IReadOnlyList<Linear?> Layers { get; } = [];")]
    [InlineData("public ModuleDict<Linear> Named { get; } = null!;")]
    [InlineData("[CheckpointName(\"mlp.\\\"x\\\"\")] public Linear Child { get; } = null!;")]
    [InlineData("public Linear child { get; } = null!; public Linear parent { get; } = null!; public Linear device { get; } = null!;")]
    [InlineData("[Obsolete] public Linear Child { get; } = null!;")]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"NEW1\")] public List<Linear> Child { get; } = [];")]
    [InlineData("[Obsolete(\"use another\", true)] public Linear Child { get; } = null!;")]
    [InlineData("[Obsolete(\"use another\", true)] public List<Linear> Layers { get; } = []; public Linear Other { get; } = null!;")]
    public void Children(string member) => Harness.Generate(Class(member));

    [Theory]
    [InlineData("public Linear First => Layers[0]; public ModuleList<Linear> Layers { get; } = null!;", "first")]
    [InlineData("public static Linear Shared { get; } = null!;", "shared")]
    [InlineData("public Linear this[int i] => throw new IndexOutOfRangeException();", "this[]")]
    [InlineData("public Linear Written { set { } }", "written")]
    [InlineData("public Tensor Buffer { get; } = null!;", "buffer")]
    [InlineData("public string[] Names { get; } = [];", "names")]
    public void Not_children(string member, string name) => Assert.DoesNotContain($"\"{name}\"", Harness.Generate(Class(member))["C.g.cs"], StringComparison.Ordinal);

    [Theory]
    [InlineData("private Tensor _cos = null!; private readonly Tensor _sin = null!; private Tensor? _cache; public Tensor? Use() => _cache = _cos + _sin;")]
    [InlineData("public Tensor Cos { get; private set; } = null!; public Tensor Sin { get; } = null!;")]
    [InlineData("private static Tensor? s_cache; public Tensor Use() => s_cache ??= zeros(1);")]
    [InlineData("[Obsolete(\"use another\", true)] public Tensor Cos { get; private set; } = null!;")]
    public void Buffers(string members) => Harness.Generate(Class("public void Keep(Tensor value) => register_buffer(\"b\", value, persistent: false);\n" + members));

    [Theory]
    [InlineData("[PostLoad] private void Run() { }")]
    [InlineData("[PostLoad] private static void @class() { }")]
    [InlineData("[PostLoad] public virtual void Run() { }")]
    [InlineData("[PostLoad] private partial void Run(); private partial void Run() => Console.WriteLine();")]
    [InlineData("[PostLoad(Undo = nameof(Back))] private void Run() { } private void Back() { }")]
    [InlineData("[PostLoad, Obsolete] private void Run() { }")]
    [InlineData("[PostLoad(Undo = nameof(Back)), Obsolete(\"use another\", true)] private void Run() { } [Obsolete(\"use another\", true)] private void Back() { }")]
    public void Methods(string member) => Assert.Contains("PostLoads =\n", Harness.Generate(Class(member))["C.g.cs"], StringComparison.Ordinal);

    [Theory]
    [InlineData("[PostLoad] private void Run(int argument) { }")]
    [InlineData("[PostLoad] private void Run<T>() { }")]
    public void Methods_that_cannot_be_called_are_left_out(string member) =>
        Assert.Contains("PostLoads = []", Harness.Generate(Class(member))["C.g.cs"], StringComparison.Ordinal);

    [Theory]
    [InlineData("A")]
    [InlineData("A.B")]
    [InlineData("@namespace.@class")]
    [InlineData("Lanyard.TorchSharp")]
    [InlineData("Topology")]
    public void Namespaces(string name) => Harness.Generate($"namespace {name};\n" + Class(Everything));

    [Theory]
    [InlineData("public partial class Outer")]
    [InlineData("public static partial class Outer")]
    [InlineData("internal abstract partial class Outer<T> where T : class, new()")]
    [InlineData("public sealed partial record Outer(int Number)")]
    [InlineData("public readonly partial struct Outer<T, TOther>")]
    [InlineData("public ref partial struct Outer")]
    [InlineData("public readonly partial record struct Outer(int Number)")]
    [InlineData("public partial interface Outer<@class>")]
    [InlineData("partial class @event")]
    public void Containers(string head) => Harness.Generate(head + "\n{\n" + Class(Everything).Replace("sealed", "public sealed", StringComparison.Ordinal) + "\n}");

    [Theory]
    [InlineData("public partial class C : Module<Tensor, Tensor>")]
    [InlineData("public abstract partial class C : Module<Tensor, Tensor>")]
    [InlineData("internal sealed partial class C<T> : Module<Tensor, Tensor> where T : struct")]
    [InlineData("partial class C<T, @event> : Module<T, Tensor> where T : Tensor")]
    [InlineData("partial class @class : Module<Tensor, Tensor>")]
    [InlineData("partial class State : Module<Tensor, Tensor>")]
    [InlineData("partial class Axes : Module<Tensor, Tensor>")]
    [InlineData("partial class Session : Module<Tensor, Tensor>")]
    [InlineData("partial class C : Between")]
    [InlineData("partial class C : Between<int>")]
    [InlineData("[Obsolete] partial class C : Module<Tensor, Tensor>")]
    [InlineData("[Lanyard.ParameterModule, System.Serializable] partial class C : Module<Tensor, Tensor>")]
    public void Classes(string head)
    {
        var name = head.Split(" class ")[1].Split('<', ' ')[0];
        var input = head.Contains("Module<T,", StringComparison.Ordinal) ? "T" : "Tensor";
        var attribute = head.StartsWith("[Lanyard", StringComparison.Ordinal) ? "" : "[ParameterModule]";
        Harness.Generate($$"""
            class Between() : Module<Tensor, Tensor>("")
            {
                public int Map = 1;
                protected object? Parameters { get; }
                protected class ParameterEntries { }
                public override Tensor forward(Tensor input) => input;
            }

            class Between<T>() : Between { protected T? field = default; protected void CreateParameters(int number) { } }

            {{attribute}} {{head}}
            {
                public {{name}}(string name) : base({{(head.Contains("Between", StringComparison.Ordinal) ? "" : "name")}}) => CreateParameters();
                {{Everything}}
                public override Tensor forward({{input}} input) => zeros(1);
            }
            """);
    }

    [Theory]
    [InlineData("public Tensor Map(Tensor input) => input;")]
    [InlineData("public int Parameters() => 1; protected int ParameterEntries(int number) => number;")]
    [InlineData("protected void CreateParameters(Topology? topology, ScalarType? type, Device? device) { }")]
    [InlineData("private int Map() => 1; internal class Parameters; private protected int ParameterEntries;")]
    [InlineData("protected void CreateParameters(int topology, ScalarType? type, Device? device) { } protected void CreateParameters<T>(Topology? topology, ScalarType? type, Device? device) { }")]
    public void What_generated_members_hide(string members) => Harness.Generate($$"""
        #pragma warning disable CS0169, CS0649, CS0414, CA1822, IDE0051
        class Between() : Module<Tensor, Tensor>("C")
        {
            {{members}}
            public override Tensor forward(Tensor input) => input;
        }

        [ParameterModule]
        sealed partial class C : Between
        {
            public C() => CreateParameters();
            [Axis] public int N => 1;
            [Parameter("n")] public partial Parameter W { get; private set; }
        }
        """);

    [Theory]
    [InlineData("[Obsolete] public bool Has => true;")]
    [InlineData("[Obsolete(\"use another\", true)] protected bool Has => true;")]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"NEW1\")] public bool Has => true;")]
    public void A_condition_of_a_base_class_that_is_obsolete(string member) => Harness.Generate($$"""
        class Between() : Module<Tensor, Tensor>("C")
        {
            {{member}}
            public override Tensor forward(Tensor input) => input;
        }

        [ParameterModule]
        sealed partial class C : Between
        {
            public C() => CreateParameters();
            [Parameter("", When = "Has")] public partial Parameter? W { get; private set; }
        }
        """);

    [Fact]
    public void Parameters_of_a_primary_constructor() => Harness.Generate("""
        [ParameterModule]
        sealed partial class C(int field, int value, int index, Linear module) : Module<Tensor, Tensor>("C" + value)
        {
            [Axis] public int N => @field + index;
            [Parameter("n")] public partial Parameter W { get; private set; }
            public Linear Child => module;
            public override Tensor forward(Tensor input) => input;
        }
        """);

    [Fact]
    public void A_property_that_implements_an_abstract_one() => Assert.Contains("public override partial global::TorchSharp.Modules.Parameter W", Harness.Generate("""
        abstract class Base() : Module<Tensor, Tensor>("base")
        {
            public abstract Parameter W { get; protected set; }
            public override Tensor forward(Tensor input) => input;
        }

        [ParameterModule]
        sealed partial class C : Base
        {
            public C() => CreateParameters();
            [Axis] public int N => 1;
            [Parameter("n")] public override partial Parameter W { get; protected set; }
        }
        """)["C.g.cs"], StringComparison.Ordinal);

    [Fact]
    public void A_class_in_an_annotated_one_is_its_own() => Assert.Equal(["C.D.g.cs", "C.g.cs"], Harness.Generate(
        Class(Everything + Class(Everything).Replace("class C", "class D", StringComparison.Ordinal).Replace("public C()", "public D()", StringComparison.Ordinal))).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_class_in_two_files_with_oblivious_nullability() => Harness.Generate(
        Class("""[Parameter("n")] public partial Parameter A { get; private set; }"""),
        """
        #nullable disable
        partial class C
        {
            [Parameter("n")] public partial Parameter B { get; private set; }
            public Linear Child { get; }
            [PostLoad] void Copy() => (A, B) = (B, A);
        }
        """);

    [Fact]
    public void Names_that_differ_in_case_alone_get_files_of_their_own() =>
        Assert.Equal(3, Harness.Generate(Class(""), Class("").Replace(" C ", " c ", StringComparison.Ordinal).Replace(" C(", " c(", StringComparison.Ordinal), Class("").Replace(" C ", " D ", StringComparison.Ordinal).Replace(" C(", " D(", StringComparison.Ordinal)).Count);

    [Fact]
    public void Classes_that_differ_in_arity_alone_get_files_of_their_own() =>
        Assert.Equal(2, Harness.Generate(Class(""), Class("").Replace("class C ", "class C<T> ", StringComparison.Ordinal)).Count);

    private const string Everything = """
        [Axis] public int N { get; init; } = 1;
        [Axis("a", "b")] private const int Two = 2;
        [Parameter("n two"), FromCheckpoint("w", "n two")] public partial Parameter W { get; set; }
        [Parameter("n two")] private partial Parameter V { get; init; }
        public Linear? Child { get; set; }
        public List<Linear> Layers { get; } = [];
        [PostLoad] private void Run() => W = V;
        """;

    private static string Class(string members) => $$"""
        [ParameterModule]
        sealed partial class C : Module<Tensor, Tensor>
        {
            public C() : base("C") => RegisterComponents();
            {{members}}
            public override Tensor forward(Tensor input) => input;
        }
        """.Replace(members.Contains("virtual", StringComparison.Ordinal) || members.Contains("protected", StringComparison.Ordinal) ? "sealed " : "\0", "", StringComparison.Ordinal);
}
