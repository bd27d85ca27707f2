namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Ranks can share the axes.</summary>
public sealed class UndividedAxisAnalyzerTests
{
    [Theory]
    [InlineData(
        """
        "tp3"
        """,
        null, null,
        null, null,
        "LANY0061 Model.cs(31,37) Heads")]
    [InlineData(
        """
        "tp16"
        """,
        null, null,
        null, null,
        """
        LANY0061 Model.cs(31,37) Heads
        LANY0061 Model.cs(34,37) Inner
        """)]
    [InlineData(
        """
        "tp8", "tp5"
        """,
        null, null,
        null, null,
        """
        LANY0061 Model.cs(31,37) Heads
        LANY0061 Model.cs(34,37) Inner
        """)]
    [InlineData(
        """
        "tp2"
        """,
        null, null,
        "24",
        "25",
        "LANY0061 Model.cs(34,37) Inner")]
    [InlineData(
        """
        "tp12"
        """,
        "[Axis(Shard.Tensor)] public int Heads",
        "[Axis(Shard.Tensor, Replicate = true)] public int Heads",
        null, null,
        "LANY0061 Model.cs(31,55) Heads")]
    [InlineData(
        """
        "tp8"
        """,
        "[Axis(Shard.Tensor)] public int Inner",
        "[Axis(Shard.Tensor, PadTo = 4)] public int Inner",
        "24",
        "33",
        "LANY0061 Model.cs(34,48) Inner")]
    [InlineData(
        """
        "tp2"
        """,
        """
        [Parameter("experts hidden inner")]
            [FromCheckpoint("experts.{experts}.down.weight", "hidden inner")]
        """,
        """
        [Parameter("hidden blocks(inner, 8)")]
            [FromCheckpoint("scale.weight", "hidden blocks(inner, 8)")]
        """,
        """experts.{0..15}.down.weight", "dtype": "BF16", "shape": [48, 24]""",
        """scale.weight", "dtype": "BF16", "shape": [48, 3]""",
        "LANY0061 Model.cs(54,30) Down")]
    public async Task Fires(string topologies, string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join("\n", (await SmallDecoder.For(topologies, before, after, listed, instead)).Select(finding => finding.Where)));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = await SmallDecoder.For(
            """
            "tp16"
            """,
            null,
            null,
            null,
            null);
        Assert.Equal(2, found.Count);
        Assert.Equal("list: heads of Layer is 8, which is fewer than 16 tensor-parallel ranks, so that several must hold a copy of one: Replicate = true lets them share an index, Follows takes what another axis needs", found[0].Message);
        Assert.Empty(found[0].Others);
        Assert.Equal("list: inner of Layer is 24, which does not divide over 16 tensor-parallel ranks: Unit = 1 gives the last ranks less, PadTo = 16 rounds it up with zeros", found[1].Message);
        Assert.Empty(found[1].Others);
    }

    [Theory]
    [InlineData("""
        "tp8"
        """, null, null, null, null)]
    [InlineData("""
        "tp8 ep16"
        """, null, null, null, null)]
    [InlineData("""
        "tp4", "ep5"
        """, null, null, null, null)]
    [InlineData(
        """
        "tp24"
        """,
        "[Axis(Shard.Tensor)] public int Heads",
        "[Axis(Shard.Tensor, Replicate = true)] public int Heads",
        null, null)]
    [InlineData(
        """
        "tp8"
        """,
        "[Axis(Shard.Tensor)] public int Inner",
        "[Axis(Shard.Tensor, Unit = 1)] public int Inner",
        "24",
        "33")]
    [InlineData(
        """
        "tp8"
        """,
        "[Axis(Shard.Tensor)] public int Inner",
        "[Axis(Shard.Tensor, PadTo = 8)] public int Inner",
        "24",
        "33")]
    [InlineData(
        """
        "tp3"
        """,
        "[Axis(Shard.Tensor)] public int Heads",
        "[Axis] public int Heads",
        null, null)]
    [InlineData("""
        "tp1"
        """, null, null, null, null)]
    public async Task Stays_quiet(string topologies, string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.For(topologies, before, after, listed, instead));
}
