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
        LANY0062 Model.cs(2,34) "tp8"
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
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join("\n", (await SmallDecoder.Changed(before, after, listed, instead)).Select(finding => finding.Where)));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = await SmallDecoder.Changed(
            "list.tensors.json", 
            "other.tensors.json", 
            null, 
            null);
        Assert.Equal(1, found.Count);
        Assert.Equal("""other.tensors.json: "other.tensors.json" is none of the project's AdditionalFiles: <AdditionalFiles Include="other.tensors.json" />""", found[0].Message);
        Assert.Empty(found[0].Others);
    }

    [Theory]
    [InlineData(
        "public ModuleList<Layer> Layers { get; }",
        """[Child(Axes = "hidden = hidden")] public ModuleList<Layer> Layers { get; }""",
        null, null)]
    [InlineData(null, null, null, null)]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
