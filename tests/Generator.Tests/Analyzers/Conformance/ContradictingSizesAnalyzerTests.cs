namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>All shapes are right for some sizes.</summary>
public sealed class ContradictingSizesAnalyzerTests
{
    [Theory]
    [InlineData(
        null, null,
        "[1000, 48]",
        "[1000, 40]",
        "LANY0057 list.tensors.json(3,56) [1000, 40]")]
    [InlineData(
        """
        "hidden (heads head_dim)")]
            public
        """,
        """
        "(heads head_dim) hidden")]
            public
        """,
        null, null,
        """
        LANY0057 Model.cs(45,38) "(heads head_dim) hidden"
        """)]
    [InlineData(
        null, null,
        "[8]",
        "[7]",
        "LANY0057 list.tensors.json(4,71) [64, 48]")]
    [InlineData(
        null, null,
        "{0..15}.up",
        "{0..16}.up",
        "LANY0057 list.tensors.json(8,15) layers.{0..3}.experts.{0..15}.down.weight")]
    [InlineData(
        "[Axis(Shard.Expert)] public int Experts { get; }",
        "[Axis(Shard.Expert)] private const int Experts = 8;",
        null, null,
        "LANY0057 list.tensors.json(7,15) layers.{0..3}.experts.{0..15}.up.weight")]
    [InlineData(
        "public ModuleList<Layer> Layers { get; }",
        """[Child(Axes = "hidden = vocab")] public ModuleList<Layer> Layers { get; }""",
        null, null,
        "LANY0057 list.tensors.json(3,56) [1000, 48]")]
    [InlineData(
        null, null,
        """
        "shape": [24, 48]
        """,
        """
        "shape": [24, 40]
        """,
        "LANY0057 list.tensors.json(7,83) [24, 40]")]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Encoding = typeof(Lanyard.Published.Fp8Block128))]""",
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """
        {"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},
        {"name": "layers.{0..3}.o_proj.weight_scale_inv", "dtype": "F32", "shape": [2, 1]},
        """,
        "LANY0057 list.tensors.json(7,76) [2, 1]")]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = Assert.Single(await SmallDecoder.Changed(
            null,
            null,
            "[1000, 48]",
            "[1000, 40]"));
        Assert.Equal(
            """
            list: hidden is 40 by embed.weight and 48 by norm.weight: Decoder.Embed reads "vocab hidden", and Decoder.Norm reads "hidden"
            """,
            found.Message);
        Assert.Equal(["Model.cs(17,37) \"vocab hidden\"", "list.tensors.json(9,55) [48]", "Model.cs(21,36) \"hidden\""], found.Others);
    }

    [Theory]
    [InlineData(
        null, null,
        """    {"name": "layers.{0..3}.q_norm.weight", "dtype": "BF16", "shape": [8]},""",
        """
            {"name": "layers.{0..2}.q_norm.weight", "dtype": "BF16", "shape": [8]},
            {"name": "layers.3.q_norm.weight", "dtype": "BF16", "shape": [16]},
        """)]
    [InlineData(
        "public ModuleList<Layer> Layers { get; }",
        """[Child(Axes = "hidden = ?")] public ModuleList<Layer> Layers { get; }""",
        "[1000, 48]",
        "[1000, 48]")]
    [InlineData(
        "[Axis] public int HeadDim { get; }",
        "[Axis] private const int HeadDim = 8;",
        null, null)]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
