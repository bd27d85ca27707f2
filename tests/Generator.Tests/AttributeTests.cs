namespace Lanyard.Generator.Tests;

/// <summary>Attributes mean the same however they are written; most are read from their text, and these forms must not get past that.</summary>
public sealed class AttributeTests
{
    [Theory]
    [InlineData("[Parameter(\"n\")]")]
    [InlineData("[ParameterAttribute(\"n\")]")]
    [InlineData("[Lanyard.Parameter(\"n\")]")]
    [InlineData("[global::Lanyard.ParameterAttribute(\"n\")]")]
    [InlineData("[property: Parameter(\"n\")]")]
    [InlineData("[Obsolete, Parameter(\"n\")]")]
    [InlineData("[Parameter(pattern: \"n\")]")]
    [InlineData("[Parameter(@\"n\")]")]
    [InlineData("[Parameter(\"\"\"n\"\"\")]")]
    [InlineData("[Parameter(\"\\u006e\")]")]
    [InlineData("[Parameter(\"\" + \"n\")]")]
    [InlineData("[Parameter((\"n\"))]")]
    [InlineData("[Parameter($\"{Name}\")]")]
    [InlineData("[Parameter(Name)]")]
    [InlineData("[Parameter(Names.Name)]")]
    [InlineData("[Parameter(nameof(n))]")]
    [InlineData("[Parameter(nameof(Names.n))]")]
    [InlineData("[Short(\"n\")]")]
    [InlineData("[Ours.Parameter(\"n\")]")]
    [InlineData("[Ours::Parameter(\"n\")]")]
    public void A_parameter(string attribute) => Assert.Contains("""W { get; } = new(0, "W", "w", "n",""", Generate(attribute + " public partial Parameter W { get; set; }"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Scale = \"s\", BlockSize = 0x80", "Scale = \"s\", BlockSize = 128")]
    [InlineData("BlockSize = Block, Scale = Name", "Scale = \"n\", BlockSize = 128")]
    [InlineData("Packing = Packing.Mxfp4", "Packing = global::Lanyard.Packing.Mxfp4")]
    [InlineData("Packing = Lanyard.Packing.Mxfp4", "Packing = global::Lanyard.Packing.Mxfp4")]
    [InlineData("Packing = (Packing)9", "Packing = (global::Lanyard.Packing)(9)")]
    [InlineData("Offset = 1", "Offset = 1")]
    [InlineData("Offset = 1.5f", "Offset = 1.5")]
    [InlineData("Offset = -0.5", "Offset = -0.5")]
    [InlineData("Offset = 1e300", "Offset = 1E+300")]
    [InlineData("Offset = double.NaN", "Offset = double.NaN")]
    [InlineData("Offset = 1 / 0.0", "Offset = double.PositiveInfinity")]
    [InlineData("Offset = double.NegativeInfinity", "Offset = double.NegativeInfinity")]
    [InlineData("Offset = 'a'", "Offset = 97")]
    [InlineData("Offset = Block", "Offset = 128")]
    [InlineData("Cast = true", "Cast = true")]
    [InlineData("Cast = !false", "Cast = true")]
    public void An_encoding(string arguments, string expected) => Assert.Contains(
        $$"""new("a", "n") { {{expected}} }""",
        Generate($"[Parameter(\"n\"), FromCheckpoint(\"a\", \"n\", {arguments})] public partial Parameter W {{ get; set; }}"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("[Axis] public int M => 1;", "Shard.None, false, []")]
    [InlineData("[Axis(Shard.Tensor)] public int M => 1;", "Shard.Tensor, false, []")]
    [InlineData("[Axis(Lanyard.Shard.Tensor, Replicate = true)] public int M => 1;", "Shard.Tensor, true, []")]
    [InlineData("[Axis((Shard)1, PadTo = Block)] public int M => 1;", "Shard.Tensor, false, [], PadTo: 128")]
    [InlineData("[Axis(\"a\", Name)] private const int M = 2;", "Shard.None, false, [\"a\", \"n\"]")]
    [InlineData("[Axis([\"a\", \"b\"])] private const int M = 2;", "Shard.None, false, [\"a\", \"b\"]")]
    [InlineData("[Axis(new[] { \"a\", \"b\" })] private const int M = 2;", "Shard.None, false, [\"a\", \"b\"]")]
    [InlineData("[Axis(labels: [\"a\", \"b\"])] private const int M = 2;", "Shard.None, false, [\"a\", \"b\"]")]
    [InlineData("[Axis] private readonly int M = 1, m2 = 1;", "Shard.None, false, []")]
    [InlineData("public partial int M { get; } [Axis] public partial int M => 1;", "Shard.None, false, []")]
    [InlineData("[Axis] public partial int M { get; } public partial int M => 1;", "Shard.None, false, []")]
    [InlineData("[Axis(Shard.FirstTensorRank)] public int M => 1;", "Shard.FirstTensorRank, false, []")]
    public void An_axis(string member, string expected) => Assert.Contains($"new(\"m\", global::Lanyard.{expected}),", Generate(member), StringComparison.Ordinal);

    [Theory]
    [InlineData("[Axis(Follows = nameof(KvHeads))] public int M => 1;", "Shard.None, false, []) { Follows = \"kv_heads\" },")]
    [InlineData("[Axis(Follows = \"kv_heads dim\", Unit = Block)] public int M => 1;", "Shard.None, false, []) { Follows = \"kv_heads dim\", Unit = 128 },")]
    [InlineData("[Axis(Shard.Tensor, Unit = 32, Padded = true)] public int M => 1;", "Shard.Tensor, false, []) { Unit = 32, Padded = true },")]
    [InlineData("[Axis(Shard.Tensor, PadWithin = nameof(KvHeads))] public int M => 1;", "Shard.Tensor, false, []) { PadWithin = \"kv_heads\" },")]
    public void An_axis_with_ties(string member, string expected) =>
        Assert.Contains($"new(\"m\", global::Lanyard.{expected}", Generate(member + "[Axis] public int KvHeads => 1; [Axis] public int Dim => 1;"), StringComparison.Ordinal);

    [Theory]
    [InlineData("[PostLoad] private partial void Run(); private partial void Run() { }")]
    [InlineData("private partial void Run(); [PostLoad] private partial void Run() { }")]
    public void A_post_load_method(string method) => Assert.Contains("new(\"Run\", [], []),", Generate(method), StringComparison.Ordinal);

    [Theory]
    [InlineData("[CheckpointName(\"other\")] public partial Linear L { get; } public partial Linear L => _l;")]
    [InlineData("public partial Linear L { get; } [CheckpointName(\"other\")] public partial Linear L => _l;")]
    public void A_name_of_a_child(string property) => Assert.Contains("visitor.Visit(\"other\",", Generate(property), StringComparison.Ordinal);

    [Theory]
    [InlineData("[CheckpointName(\"other\", Format = \"gguf\")] public Linear L => _l;", "l")]
    [InlineData("[CheckpointName(Other, Format = Gguf), CheckpointName(\"mine\")] public Linear L => _l; private const string Other = \"other\", Gguf = \"gguf\";", "mine")]
    [InlineData("[CheckpointName(\"mine\")] public partial Linear L { get; } [CheckpointName(\"other\", Format = \"gguf\")] public partial Linear L => _l;", "mine")]
    public void Names_of_a_child_by_format(string property, string name)
    {
        var file = Generate(property);
        Assert.Contains("""new("l", "gguf", "other")""", file, StringComparison.Ordinal);
        Assert.Contains($"""visitor.Visit("{name}", _module.L, "l");""", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Theirs.Axis] public int M => 1;", "new(\"m\"")]
    [InlineData("[Theirs.Axis, Obsolete] public int M => 1;", "new(\"m\"")]
    [InlineData("[Theirs.PostLoad] private void Run() { }", "new(\"Run\"")]
    public void One_of_another_library_is_none_of_ours(string member, string unwanted) => Assert.DoesNotContain(unwanted, Generate(member), StringComparison.Ordinal);

    [Theory]
    [InlineData("[Axis] public int M => 1;", "new(\"m\"")]
    [InlineData("[AxisAttribute] public int M => 1;", "new(\"m\"")]
    [InlineData("[PostLoad] private void Run() { }", "new(\"Run\"")]
    [InlineData("[CheckpointName(\"other\")] public Linear Child => _l;", "other")]
    [InlineData("[Parameter(\"n\")] public partial Linear Child { get; } public partial Linear Child => _l;", "\"n\"")]
    public void One_of_another_library_is_none_of_ours_by_its_short_name_either(string member, string unwanted)
    {
        const string theirs = """
            class AxisAttribute : Attribute;
            class PostLoadAttribute : Attribute;
            class CheckpointNameAttribute(string name) : Attribute { public string Name => name; }
            class ParameterAttribute(string name) : Attribute { public string Name => name; }
            """;
        const string aliases = """
            using AxisAttribute = Theirs.AxisAttribute;
            using PostLoadAttribute = Theirs.PostLoadAttribute;
            using CheckpointNameAttribute = Theirs.CheckpointNameAttribute;
            using ParameterAttribute = Theirs.ParameterAttribute;
            """;
        Assert.All(
            new[]
            {
                $"namespace Theirs {{ {theirs} }} namespace Models {{ using Theirs; {Class(member)} }}",
                $"namespace Models {{ {theirs} {Class(member)} }}",
                $"{theirs} namespace Models {{ {Class(member)} }}",
                $"namespace Models {{ {aliases} {Class(member)} }} namespace Theirs {{ {theirs} }}",
                $"{aliases} namespace Models {{ {Class(member)} }} namespace Theirs {{ {theirs} }}",
                $"namespace Models {{ {Class(theirs + member)} }}",
                $"namespace Models {{ class Base() : Module<Tensor, Tensor>(\"C\") {{ {theirs.Replace("class", "protected class", StringComparison.Ordinal)} public override Tensor forward(Tensor input) => input; }} {Class(member, "Base")} }}",
            },
            source =>
            {
                Assert.DoesNotContain(unwanted, Harness.Generate(source)["Models.C.g.cs"], StringComparison.Ordinal);
                Assert.DoesNotContain(unwanted, Harness.Generate("using Lanyard;" + source)["Models.C.g.cs"], StringComparison.Ordinal);
            });
    }

    [Theory]
    [InlineData("[Axis] public int M => 1;", "new(\"m\"")]
    [InlineData("[AxisAttribute] public int M => 1;", "new(\"m\"")]
    [InlineData("[PostLoad] private void Run() { }", "new(\"Run\"")]
    public void One_of_another_library_is_none_of_ours_where_an_alias_says_so_for_all_files(string member, string unwanted) => Assert.DoesNotContain(unwanted, Harness.Generate(
        $"using Lanyard; namespace Models {{ {Class(member)} }}",
        "global using AxisAttribute = Theirs.AxisAttribute; global using PostLoadAttribute = Theirs.PostLoadAttribute; namespace Theirs { class AxisAttribute : Attribute; class PostLoadAttribute : Attribute; }")["Models.C.g.cs"], StringComparison.Ordinal);

    [Theory]
    [InlineData("[Axis] public int M => 1;", "new(\"m\"")]
    [InlineData("[PostLoad] private void Run() { }", "new(\"Run\"")]
    public void One_of_ours_is_ours_whatever_another_library_calls_its_own(string member, string wanted)
    {
        const string theirs = "namespace Theirs { class AxisAttribute : Attribute; class PostLoadAttribute : Attribute; }";
        Assert.Contains(wanted, Harness.Generate($"{theirs} namespace Models {{ using Theirs; namespace Inner {{ using Lanyard; {Class(member)} }} }}")["Models.Inner.C.g.cs"], StringComparison.Ordinal);
        Assert.Contains(wanted, Harness.Generate($"using Lanyard; {theirs} namespace Models {{ {Class(member)} }}")["Models.C.g.cs"], StringComparison.Ordinal);
        Assert.Contains(wanted, Harness.Generate($"using Lanyard; {theirs} namespace Lanyard.Models {{ {Class(member)} }}")["Lanyard.Models.C.g.cs"], StringComparison.Ordinal);
    }

    private static string Class(string members, string parent = "Module<Tensor, Tensor>") => $$"""


        #pragma warning disable CS0649, CS0169, CS0414
        [Lanyard.ParameterModule]
        sealed partial class C : {{parent}}
        {
            private readonly Linear _l = null!;
            public C(){{(parent == "Base" ? "" : " : base(\"C\")")}} => RegisterComponents();
            {{members}}
            public override Tensor forward(Tensor input) => input;
        }
        """;

    private static string Generate(string members) => Harness.Generate($$"""
        using Short = Lanyard.ParameterAttribute;
        using Ours = Lanyard;
        #pragma warning disable CS0414, CS8618

        namespace Theirs
        {
            class AxisAttribute : Attribute;
            class PostLoadAttribute : Attribute;
        }

        namespace Models
        {
            static class Names
            {
                public const string Name = "n";
                public static int n => 1;
            }

            [ParameterModule]
            sealed partial class C : Module<Tensor, Tensor>
            {
                private const string Name = "n";
                private const int Block = 128;
                private Linear _l = null!;

                public C() : base("C") => RegisterComponents();

                [Axis] public int n => 1;
                {{members}}
                public override Tensor forward(Tensor input) => input;
            }
        }
        """)["Models.C.g.cs"];
}
