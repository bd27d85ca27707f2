namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>The names of a list say which of what classes allow a checkpoint has.</summary>
public sealed class NameTests
{
    private const string Bias = """[Parameter("out"), FromCheckpoint("bias", "out")] public partial Parameter Bias { get; private set; }""";
    private const string UpDown = """
        [Parameter("out in"), FromCheckpoint("up.weight", "out in")] public partial Parameter Up { get; private set; }
        [Parameter("out in"), FromCheckpoint("down.weight", "out in")] public partial Parameter Down { get; private set; }
        """;

    private const string Formats = """
        [Axis("gate", "up")] private const int Proj = 2;
        [Parameter("proj out in"), FromCheckpoint("fused", "proj out in"), FromCheckpoint("{proj}.weight", "out in", Format = "split")] public partial Parameter W { get; private set; }
        """;

    private const string Dependent = """
        public bool HasExtra { get; }
        [Parameter("out", When = nameof(HasExtra)), FromCheckpoint("a", "out")] public partial Parameter? A { get; private set; }
        [Parameter("out", When = nameof(HasExtra)), FromCheckpoint("b", "out")] public partial Parameter? B { get; private set; }
        """;

    private static readonly string Alternatives = OneModule.Root(
        "[Child(typeof(Dense), typeof(Sparse))] public ModuleList<Module> Layers { get; } = new();",
        after: OneModule.Class("Dense", UpDown) + "\n" + OneModule.Class("Sparse", """
            [Axis] public int Experts { get; }
            [Parameter("experts out in"), FromCheckpoint("experts.{experts}.up.weight", "out in")] public partial Parameter Up { get; private set; }
            [Parameter("experts in"), FromCheckpoint("gate.weight", "experts in")] public partial Parameter Gate { get; private set; }
            """));

    [Theory]
    [InlineData("weight 4 3;bias 4")]
    [InlineData("language_model.weight 4 3;language_model.bias 4")]
    [InlineData("language_model.weight 4 3;bias 4", "LANY0019 bias", "LANY0055 \"bias\"")]
    public Task A_prefix_stands_before_all_names_or_none(string list, params string[] expected) =>
        Compare(OneModule.Root(OneModule.Weight + Bias, "[CheckpointPrefix(\"language_model.\")]"), list, expected);

    [Theory]
    [InlineData("a.weight 4 3")]
    [InlineData("model.text.weight 4 3")]
    [InlineData("text.weight 4 3", "LANY0019 text.weight", "LANY0055 Text")]
    public Task A_convention_has_names_of_its_own(string list, params string[] expected) => Compare(
        OneModule.Root("[CheckpointName(\"a\"), CheckpointName(\"model.text\", Convention = \"nested\")] public Sub Text { get; } = new();", after: OneModule.Class("Sub", OneModule.Weight)),
        list,
        expected);

    [Theory]
    [InlineData("weight 4 3")]
    [InlineData("tied.weight 4 3")]
    [InlineData("weight 4 3;tied.weight 4 3")]
    [InlineData("weight 4 3;tied.weight 4 4", "LANY0019 tied.weight")]
    public Task A_second_name_may_stand_for_the_first(string list, params string[] expected) =>
        Compare(OneModule.Root(OneModule.Weight, "[CheckpointAlias(\"tied.weight\", \"weight\")]"), list, expected);

    [Theory]
    [InlineData("weight 4 3")]
    [InlineData("weight 4 3;extra.up.weight 4 3;extra.down.weight 4 3")]
    [InlineData("weight 4 3;extra.up.weight 4 3", "LANY0055 \"down.weight\"")]
    [InlineData("weight 4 3;extra.other 4 3", "LANY0019 extra.other")]
    public Task A_child_that_may_lack_is_there_where_it_has_a_tensor(string list, params string[] expected) =>
        Compare(OneModule.Root(OneModule.Weight + " public Sub? Extra { get; }", after: OneModule.Class("Sub", UpDown)), list, expected);

    [Fact]
    public Task A_child_that_may_not_lack_is_wanted() =>
        Compare(OneModule.Root(OneModule.Weight + " public Sub Extra { get; } = new();", after: OneModule.Class("Sub", UpDown)), "weight 4 3", ["LANY0055 Extra"]);

    [Theory]
    [InlineData("weight 4 3")]
    [InlineData("weight 4 3;a 4;b 4")]
    [InlineData("weight 4 3;a 4", "LANY0055 \"b\"")]
    public Task What_depends_on_one_thing_is_there_together(string list, params string[] expected) => Compare(OneModule.Root(OneModule.Weight + Dependent), list, expected);

    [Theory]
    [InlineData("weight 4 3")]
    [InlineData("weight 4 3;a 4;norm.up.weight 4 3;norm.down.weight 4 3")]
    [InlineData("weight 4 3;a 4", "LANY0055 Norm")]
    [InlineData("weight 4 3;norm.up.weight 4 3;norm.down.weight 4 3", "LANY0055 \"a\"")]
    public Task A_child_depends_on_the_same_thing(string list, params string[] expected) => Compare(
        OneModule.Root(
            OneModule.Weight + """
                public bool HasExtra { get; }
                [Parameter("out", When = nameof(HasExtra)), FromCheckpoint("a", "out")] public partial Parameter? A { get; private set; }
                [Child(When = nameof(HasExtra))] public Sub? Norm { get; }
                """,
            after: OneModule.Class("Sub", UpDown)),
        list,
        expected);

    [Theory]
    [InlineData("sub.extra.up.weight 4 3;sub.extra.down.weight 4 3;sub.a 4;sub.b 4")]
    [InlineData("sub.a 4;sub.b 4", "LANY0055 Extra")]
    [InlineData("sub.extra.up.weight 4 3;sub.extra.down.weight 4 3", "LANY0055 \"a\"", "LANY0055 \"b\"")]
    [InlineData("sub.extra.up.weight 4 3;sub.extra.down.weight 4 3;sub.b 4", "LANY0055 \"a\"")]
    public Task What_all_models_have_is_wanted(string list, params string[] expected) => Compare(
        OneModule.Root(
            "public Sub Sub { get; } = new();",
            "[With(\"Sub.Extra\", \"Sub.A\")]",
            OneModule.Class("Sub", Dependent + "public Deep? Extra { get; }") + OneModule.Class("Deep", UpDown)),
        list,
        expected);

    [Theory]
    [InlineData("dense.up.weight 4 3;dense.down.weight 4 3")]
    [InlineData("a 4;b 4")]
    [InlineData("a 4", "LANY0055 \"b\"")]
    [InlineData("weight 4 3", "LANY0019 weight", "LANY0055 Dense")]
    [InlineData("dense.up.weight 4 3;dense.down.weight 4 3;a 4;b 4", "LANY0019 a")]
    [InlineData("dense.up.weight 4 3;a 4;b 4", "LANY0019 dense.up.weight", "LANY0055 \"down.weight\"")]
    public Task A_module_has_one_of_several(string list, params string[] expected) => Compare(
        OneModule.Root(
            Dependent + "public Sub? Dense { get; }",
            "[With(\"Dense|A\")]",
            OneModule.Class("Sub", UpDown)),
        list,
        expected);

    [Theory]
    [InlineData("fused 2 4 3")]
    [InlineData("gate.weight 4 3;up.weight 4 3")]
    [InlineData("gate.weight 4 3", "LANY0055 \"{proj}.weight\"")]
    [InlineData("fused 2 4 3;gate.weight 4 3;up.weight 4 3", "LANY0019 fused")]
    [InlineData("fused 3 4 3", "LANY0057 [3, 4, 3]")]
    public Task A_parameter_has_one_of_its_formats(string list, params string[] expected) => Compare(OneModule.Root(Formats), list, expected);

    [Theory]
    [InlineData("layers.{0..3}.up.weight 4 3;layers.{0..3}.down.weight 4 3")]
    [InlineData("layers.{0,2}.up.weight 4 3;layers.{0,2}.down.weight 4 3;layers.{1,3}.gate.weight 8 3;layers.{1,3}.experts.{0..7}.up.weight 4 3")]
    [InlineData(
        "layers.{0,2}.up.weight 4 3;layers.{0,2}.down.weight 4 3;layers.{1,3}.gat.weight 8 3;layers.{1,3}.experts.{0..7}.up.weight 4 3",
        "LANY0019 layers.{1,3}.gat.weight",
        "LANY0055 \"gate.weight\"")]
    [InlineData("layers.{0,2}.up.weight 4 3;layers.{0,2}.down.weight 4 3;layers.{1,3}.gate.weight 9 3;layers.{1,3}.experts.{0..7}.up.weight 4 3", "LANY0057 [9, 3]")]
    public Task Each_layer_has_the_class_that_its_names_are_of(string list, params string[] expected) => Compare(Alternatives, list, expected);

    [Theory]
    [InlineData("layers.{0..4}.weight 4 3;layers.4.eh_proj.weight 4 3")]
    [InlineData("layers.{0..3}.weight 4 3")]
    [InlineData("layers.{0..4}.weight 4 3;layers.3.eh_proj.weight 4 3", "LANY0019 layers.3.eh_proj.weight")]
    public Task The_last_layers_may_be_another_model_s(string list, params string[] expected) => Compare(
        OneModule.Root(
            "public int[] Ahead => [4]; public ModuleList<Sub> Layers { get; } = new();",
            "[Ignore(\"layers.{}.**\", Numbers = nameof(Ahead), Optional = true)]",
            OneModule.Class("Sub", OneModule.Weight)),
        list,
        expected);

    private static async Task Compare(string code, string list, string[] expected) => Assert.Equal(expected, await OneModule.Found(code, OneModule.List(list.Split(';'))));
}
