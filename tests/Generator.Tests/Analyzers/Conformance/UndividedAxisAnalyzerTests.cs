namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Ranks can share the axes.</summary>
public sealed class UndividedAxisAnalyzerTests
{
    [Theory]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp3")]""",
        null, null,
        "LANY0061 Model.cs(31,37) Heads")]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp16")]""",
        null, null,
        """
        LANY0061 Model.cs(31,37) Heads
        LANY0061 Model.cs(34,37) Inner
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp8", "tp5")]""",
        null, null,
        """
        LANY0061 Model.cs(31,37) Heads
        LANY0061 Model.cs(34,37) Inner
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp2")]""",
        """experts.{0..15}.up.weight", "dtype": "BF16", "shape": [24, 48]""",
        """experts.{0..15}.up.weight", "dtype": "BF16", "shape": [25, 48]""",
        """
        LANY0057 list.tensors.json(8,85) [48, 24]
        LANY0061 Model.cs(34,37) Inner
        """)]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join("\n", (await SmallDecoder.Changed(before, after, listed, instead)).Select(finding => finding.Where)));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = await SmallDecoder.Changed(
            """[ConformsTo("list.tensors.json")]""", 
            """[ConformsTo("list.tensors.json", "tp3")]""", 
            null, 
            null);
        Assert.Equal(1, found.Count);
        Assert.Equal("list: heads of Layer is 8, which does not divide over 3 tensor-parallel ranks: Unit = 1 gives the last ranks less, PadTo = 3 rounds it up with zeros", found[0].Message);
        Assert.Empty(found[0].Others);
    }

    [Theory]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp8")]""",
        null, null)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp8 ep16")]""",
        null, null)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """[ConformsTo("list.tensors.json", "tp4", "ep5")]""",
        null, null)]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
