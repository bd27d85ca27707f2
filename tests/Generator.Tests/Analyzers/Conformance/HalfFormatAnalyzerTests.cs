namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Codes have their scales.</summary>
public sealed class HalfFormatAnalyzerTests
{
    [Theory]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Encoding = typeof(Lanyard.Published.Fp8Block128))]""",
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},""",
        "LANY0059 list.tensors.json(6,15) layers.{0..3}.o_proj.weight")]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Encoding = typeof(Lanyard.Published.Fp8Block128))]""",
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """
        {"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},
        {"name": "layers.{0..2}.o_proj.weight_scale_inv", "dtype": "F32", "shape": [1, 1]},
        """,
        "LANY0059 list.tensors.json(6,15) layers.{0..3}.o_proj.weight")]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """
        [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Format = "fp8", Encoding = typeof(Lanyard.Published.Fp8Block128))]
        """,
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},""",
        "LANY0059 list.tensors.json(6,15) layers.{0..3}.o_proj.weight")]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """
        [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Format = "fp8", Encoding = typeof(Lanyard.Published.Fp8Block128))]
        """,
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """
        {"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},
        {"name": "layers.{0..2}.o_proj.weight_scale_inv", "dtype": "F32", "shape": [1, 1]},
        """,
        "LANY0059 list.tensors.json(6,15) layers.{0..3}.o_proj.weight")]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = Assert.Single(await SmallDecoder.Changed(
            """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
            """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Encoding = typeof(Lanyard.Published.Fp8Block128))]""",
            """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
            """{"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},"""));
        Assert.Equal("list: layers.0.o_proj.weight is half of what Fp8Block128 stores there: layers.0.o_proj.weight_scale_inv, the scale beside it, is not in the list", found.Message);
        Assert.Equal(["Model.cs(45,21) \"o_proj.weight\""], found.Others);
    }

    [Theory]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """
        [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Format = "fp8", Encoding = typeof(Lanyard.Published.Fp8Block128))]
        """,
        null, null)]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """
        [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Format = "fp8", Encoding = typeof(Lanyard.Published.Fp8Block128))]
        """,
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """
        {"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},
        {"name": "layers.{0..3}.o_proj.weight_scale_inv", "dtype": "F32", "shape": [1, 1]},
        """)]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """
        [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Format = "fp8", Encoding = typeof(Lanyard.Published.Fp8Block128))]
        """,
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """
        {"name": "layers.{0..2}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},
        {"name": "layers.{0..2}.o_proj.weight_scale_inv", "dtype": "F32", "shape": [1, 1]},
        {"name": "layers.3.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},
        """)]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """
        [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Format = "fp8", Encoding = typeof(Lanyard.Published.Fp8Block128))]
        """,
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """
        {"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},
        {"name": "layers.{0..3}.o_proj.weight_scale_inv", "dtype": "BF16", "shape": [1, 1]},
        """)]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
