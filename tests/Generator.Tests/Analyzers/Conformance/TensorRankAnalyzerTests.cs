namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Shapes have as many dimensions as patterns.</summary>
public sealed class TensorRankAnalyzerTests
{
    [Theory]
    [InlineData(
        null, null,
        """
        "shape": [64, 48]
        """,
        """
        "shape": [8, 8, 48]
        """,
        "LANY0056 list.tensors.json(4,71) [8, 8, 48]")]
    [InlineData(
        null, null,
        "[64, 48]",
        "[3072]",
        "LANY0056 list.tensors.json(4,71) [3072]")]
    [InlineData(
        """[FromCheckpoint("norm.weight", "hidden")]""",
        """[FromCheckpoint("norm.weight", "hidden 1")]""",
        null, null,
        "LANY0056 list.tensors.json(9,55) [48]")]
    [InlineData(
        """
        [Parameter("head_dim")]
            [FromCheckpoint("q_norm.weight", "head_dim")]
        """,
        """
        [Parameter("")]
            [FromCheckpoint("q_norm.weight", "")]
        """,
        null, null,
        "LANY0056 list.tensors.json(5,71) [8]")]
    [InlineData(
        null, null,
        """experts.{0..15}.up.weight", "dtype": "BF16", "shape": [24, 48]""",
        """experts.{0..15}.up.weight", "dtype": "BF16", "shape": [1, 24, 48]""",
        "LANY0056 list.tensors.json(7,83) [1, 24, 48]")]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = Assert.Single(await SmallDecoder.Changed(
            null,
            null,
            """
            "shape": [64, 48]
            """,
            """
            "shape": [8, 8, 48]
            """));
        Assert.Equal("""list: layers.0.q_proj.weight has the shape [8, 8, 48], and "(heads head_dim) hidden" of Layer.Query is of 2 dimensions""", found.Message);
        Assert.Equal(["Model.cs(37,38) \"(heads head_dim) hidden\""], found.Others);
    }

    [Theory]
    [InlineData(
        """[FromCheckpoint("norm.weight", "hidden")]""",
        """[FromCheckpoint("norm.weight", "hidden 1")]""",
        """{"name": "norm.weight", "dtype": "BF16", "shape": [48]}""",
        """{"name": "norm.weight", "dtype": "BF16", "shape": [48, 1]}""")]
    [InlineData(
        """
        [Parameter("head_dim")]
            [FromCheckpoint("q_norm.weight", "head_dim")]
        """,
        """
        [Parameter("")]
            [FromCheckpoint("q_norm.weight", "")]
        """,
        "[8]",
        "[]")]
    [InlineData(
        """
        [Parameter("head_dim")]
            [FromCheckpoint("q_norm.weight", "head_dim")]
        """,
        """
        [Parameter("")]
            [FromCheckpoint("q_norm.weight", "")]
        """,
        "[8]",
        "[1]")]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
