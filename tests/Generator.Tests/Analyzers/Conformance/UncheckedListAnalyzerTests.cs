using Lanyard.Generator.Analyzers.Conformance;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>What is asked to be compared is compared.</summary>
public sealed class UncheckedListAnalyzerTests
{
    [Theory]
    [InlineData(
        "list.tensors.json",
        "other.tensors.json",
        null, null,
        """
        LANY0062 Model.cs(2,13) "other.tensors.json"
        """)]
    [InlineData(
        "list.tensors.json",
        "st.tensors.json",
        null, null,
        """
        LANY0062 Model.cs(2,13) "st.tensors.json"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "eight")]""",
        null, null,
        """
        LANY0062 Model.cs(2,34) "eight"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp8 tp4")]""",
        null, null,
        """
        LANY0062 Model.cs(2,34) "tp8 tp4"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp8", "dp2")]""",
        null, null,
        """
        LANY0062 Model.cs(2,13) "list.tensors.json"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", Config = "config.json")]""",
        null, null,
        """LANY0062 Model.cs(2,2) ConformsTo("list.tensors.json", Config = "config.json")""")]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Child("Blocks.Mlp", typeof(Layer))]
        """,
        null, null,
        "LANY0062 Model.cs(4,29) Decoder")]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Without("Blocks")]
        """,
        null, null,
        "LANY0062 Model.cs(4,29) Decoder")]
    [InlineData(
        "public ModuleList<Layer> Layers { get; }",
        """[Child(Axes = "hidden head_dim")] public ModuleList<Layer> Layers { get; }""",
        null, null,
        "LANY0062 Model.cs(14,64) Layers")]
    [InlineData(
        "public ModuleList<Layer> Layers { get; }",
        """[Child(Axes = "hiden = hidden")] public ModuleList<Layer> Layers { get; }""",
        null, null,
        "LANY0062 Model.cs(14,63) Layers")]
    [InlineData(
        """
        [ParameterModule]
        [ConformsTo("list.tensors.json")]
        """,
        """
        [ConformsTo("list.tensors.json")]
        public class Plain() : Module("plain");

        [ParameterModule]
        """,
        null, null,
        """LANY0062 Model.cs(1,2) ConformsTo("list.tensors.json")""")]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = Assert.Single(await SmallDecoder.Changed(
            "list.tensors.json",
            "other.tensors.json",
            null,
            null));
        Assert.Equal("""other.tensors.json: "other.tensors.json" is none of the project's AdditionalFiles: <AdditionalFiles Include="other.tensors.json" />""", found.Message);
        Assert.Empty(found.Others);
    }

    [Theory]
    [InlineData(
        "public ModuleList<Layer> Layers { get; }",
        """[Child(Axes = "hidden = hidden")] public ModuleList<Layer> Layers { get; }""",
        null, null)]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));

    /// <summary>What is not read of a list is not said to lack besides.</summary>
    [Theory]
    [InlineData("\"tensors\": [", "\"tensors\" [", "LANY0062 list.tensors.json(2,13) [")]
    [InlineData("\"tensors\": [", "\"tensorz\": [", "LANY0062 list.tensors.json(1,1) {")]
    [InlineData("[1000, 48]", "[1000, -48]", "LANY0062 list.tensors.json(3,63) -48")]
    [InlineData("embed.weight\", \"dtype\": \"BF16\"", "embed.weight\", \"dtype\": 5", "LANY0062 list.tensors.json(3,39) 5")]
    [InlineData("embed.weight", "norm.weight", "LANY0062 list.tensors.json(9,15) norm.weight")]
    public async Task A_list_that_is_none_is_shown_where_it_goes_wrong(string listed, string instead, string expected) =>
        Assert.Equal(expected, Assert.Single(await SmallDecoder.Changed(listed: listed, instead: instead)).Where);

    /// <summary>Totals that are wrong say that something else is: it is shown, too.</summary>
    [Fact]
    public async Task A_list_with_a_wrong_total_is_compared()
    {
        var list = SmallDecoder.Replaced(SmallDecoder.Replaced(SmallDecoder.List, "  \"tensors\": [", "  \"count\": 140,\n  \"tensors\": ["), "norm.weight\", \"dtype\": \"BF16\", \"shape\": [48]}\n", "norm.weight\", \"dtype\": \"BF16\", \"shape\": [49]}\n");
        Assert.Equal(["LANY0057 list.tensors.json(10,55) [49]", "LANY0062 list.tensors.json(2,12) 140"], (await Findings.Of(SmallDecoder.Code, (SmallDecoder.File, list))).Select(static finding => finding.Where));
    }

    [Theory]
    [InlineData("num_heads: 4", "LANY0062 Model.cs(2,2) ConformsTo(\"list.tensors.json\", Config = \"config.json\")")]
    [InlineData("[", "LANY0062 Model.cs(2,2) ConformsTo(\"list.tensors.json\", Config = \"config.json\")")]
    [InlineData("{}", null)]
    public async Task A_configuration_is_JSON(string text, string? expected)
    {
        var code = SmallDecoder.Replaced(SmallDecoder.Code, "[ConformsTo(\"list.tensors.json\")]", "[ConformsTo(\"list.tensors.json\", Config = \"config.json\")]");
        Assert.Equal(expected, (await Findings.Of(code, (SmallDecoder.File, SmallDecoder.List), ("config.json", text))).SingleOrDefault()?.Where);
    }

    [Fact]
    public async Task A_list_is_found_by_the_end_of_its_path()
    {
        Assert.Empty(await Findings.Of(SmallDecoder.Code, ("/models/lists/" + SmallDecoder.File, SmallDecoder.List)));
        Assert.Empty(await Findings.Of(SmallDecoder.Code.Replace("list.tensors.json", "lists/list.tensors.json", StringComparison.Ordinal), ("/models/lists/" + SmallDecoder.File, SmallDecoder.List)));
        Assert.Single(await Findings.Of(SmallDecoder.Code, ("/models/a" + SmallDecoder.File, SmallDecoder.List)));
    }

    [Fact]
    public async Task A_child_of_no_known_class_is_shown_with_what_to_write()
    {
        var code = SmallDecoder.Code.Replace("ModuleList<Layer>", "ModuleList<Module>", StringComparison.Ordinal);
        var found = Assert.Single(await Findings.Of(code, (SmallDecoder.File, SmallDecoder.List)));
        Assert.Equal("LANY0062 Model.cs(14,31) Layers", found.Where);
        Assert.EndsWith("write [Child(typeof(...))]", found.Message, StringComparison.Ordinal);
        Assert.Empty(await Findings.Of(SmallDecoder.Replaced(code, "public ModuleList<Module> Layers", "[Child(typeof(Layer))] public ModuleList<Module> Layers"), (SmallDecoder.File, SmallDecoder.List)));
        Assert.Empty(await Findings.Of(SmallDecoder.Replaced(code, "[ConformsTo(", "[Child(\"Layers\", typeof(Layer))]\n[ConformsTo("), (SmallDecoder.File, SmallDecoder.List)));
    }

    [Fact]
    public Task An_analyzer_alone_finds_the_list_among_the_files_of_the_project() => Verify.Files<UncheckedListAnalyzer>(
        SmallDecoder.Replaced(SmallDecoder.Code, "\"list.tensors.json\"", "{|LANY0062:\"missing.tensors.json\"|}"), (SmallDecoder.File, SmallDecoder.List));
}
