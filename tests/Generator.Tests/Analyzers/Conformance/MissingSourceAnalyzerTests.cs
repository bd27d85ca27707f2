namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Every parameter has its tensors.</summary>
public sealed class MissingSourceAnalyzerTests
{
    [Theory]
    [InlineData(
        """
        "q_norm.weight"
        """,
        """
        "q_nrom.weight"
        """,
        null, null,
        """
        LANY0019 list.tensors.json(5,15) layers.{0..3}.q_norm.weight
        LANY0055 Model.cs(41,21) "q_nrom.weight"
        """)]
    [InlineData(
        null, null,
        """    {"name": "layers.{0..3}.q_norm.weight", "dtype": "BF16", "shape": [8]},""",
        "",
        """
        LANY0055 Model.cs(41,21) "q_norm.weight"
        """)]
    [InlineData(
        null, null,
        "layers.{0..3}.q_norm",
        "layers.{0..2}.q_norm",
        """
        LANY0055 Model.cs(41,21) "q_norm.weight"
        """)]
    [InlineData(
        null, null,
        "experts.{0..15}.up",
        "experts.{0..6,8..15}.up",
        """
        LANY0055 Model.cs(49,21) "experts.{experts}.up.weight"
        """)]
    [InlineData(
        null, null,
        "{0..3}",
        "{0..1,3}",
        "LANY0055 Model.cs(14,30) Layers")]
    [InlineData(
        null, null,
        "{0..3}",
        "{1..3}",
        "LANY0055 Model.cs(14,30) Layers")]
    [InlineData(
        null, null,
        "layers.",
        "blocks.",
        """
        LANY0019 list.tensors.json(4,15) blocks.{0..3}.q_proj.weight
        LANY0019 list.tensors.json(5,15) blocks.{0..3}.q_norm.weight
        LANY0019 list.tensors.json(6,15) blocks.{0..3}.o_proj.weight
        LANY0019 list.tensors.json(7,15) blocks.{0..3}.experts.{0..15}.up.weight
        LANY0019 list.tensors.json(8,15) blocks.{0..3}.experts.{0..15}.down.weight
        LANY0055 Model.cs(14,30) Layers
        """)]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public Task Says_what_is_wrong_and_where_else_it_shows() => SmallDecoder.AssertTellsOfMisspeltName();

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(
        null, null,
        "{0..3}",
        "{0..9}")]
    [InlineData(
        null, null,
        "{0..15}",
        "0")]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
