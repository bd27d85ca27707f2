namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Sources take what is stored.</summary>
public sealed class ElementTypeAnalyzerTests
{
    [Theory]
    [InlineData(
        null, null,
        """
        embed.weight", "dtype": "BF16"
        """,
        """
        embed.weight", "dtype": "I64"
        """,
        "LANY0058 list.tensors.json(3,40) I64")]
    [InlineData(
        null, null,
        """
        embed.weight", "dtype": "BF16"
        """,
        """
        embed.weight", "dtype": "F64"
        """,
        "LANY0058 list.tensors.json(3,40) F64")]
    [InlineData(
        null, null,
        """
        embed.weight", "dtype": "BF16"
        """,
        """
        embed.weight", "dtype": "F32"
        """,
        "LANY0058 list.tensors.json(3,40) F32")]
    [InlineData(
        null, null,
        """
        q_norm.weight", "dtype": "BF16"
        """,
        """
        q_norm.weight", "dtype": "F16"
        """,
        "LANY0058 list.tensors.json(5,55) F16")]
    [InlineData(
        null, null,
        """
        o_proj.weight", "dtype": "BF16"
        """,
        """
        o_proj.weight", "dtype": "F8_E4M3"
        """,
        "LANY0058 list.tensors.json(6,55) F8_E4M3")]
    [InlineData(
        """[Parameter("vocab hidden")]""",
        """[Parameter("vocab hidden", Type = ScalarType.BFloat16)]""",
        """
        embed.weight", "dtype": "BF16"
        """,
        """
        embed.weight", "dtype": "F32"
        """,
        "LANY0058 list.tensors.json(3,40) F32")]
    [InlineData(
        """[Parameter("vocab hidden")]""",
        """[Parameter("vocab hidden", Type = ScalarType.Int64)]""",
        null, null,
        "LANY0058 list.tensors.json(3,40) BF16")]
    [InlineData(
        """[FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]""",
        """
        [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
            [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Format = "fp8", Encoding = typeof(Lanyard.Published.Fp8Block128))]
        """,
        """{"name": "layers.{0..3}.o_proj.weight", "dtype": "BF16", "shape": [48, 64]},""",
        """
        {"name": "layers.{0..3}.o_proj.weight", "dtype": "F8_E4M3", "shape": [48, 64]},
        {"name": "layers.{0..3}.o_proj.weight_scale_inv", "dtype": "I64", "shape": [1, 1]},
        """,
        "LANY0058 list.tensors.json(7,61) I64")]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = Assert.Single(await SmallDecoder.Changed(
            null,
            null,
            """
            embed.weight", "dtype": "BF16"
            """,
            """
            embed.weight", "dtype": "F64"
            """));
        Assert.Equal("list: embed.weight is F64, and Decoder.Embed has the type of the model, BF16 in this list, which would lose bits of it: declare a Type, or say Cast = true where it may be rounded", found.Message);
        Assert.Equal(["Model.cs(17,21) \"embed.weight\""], found.Others);
    }

    [Theory]
    [InlineData(
        """[Parameter("vocab hidden")]""",
        """[Parameter("vocab hidden", Type = ScalarType.Float32)]""",
        null, null)]
    [InlineData(
        """[Parameter("vocab hidden")]""",
        """[Parameter("vocab hidden", Type = ScalarType.Int64)]""",
        """
        embed.weight", "dtype": "BF16"
        """,
        """
        embed.weight", "dtype": "I64"
        """)]
    [InlineData(
        """
        [Parameter("vocab hidden")]
            [FromCheckpoint("embed.weight", "vocab hidden")]
        """,
        """
        [Parameter("vocab hidden", Type = ScalarType.BFloat16)]
            [FromCheckpoint("embed.weight", "vocab hidden", Cast = true)]
        """,
        """
        embed.weight", "dtype": "BF16"
        """,
        """
        embed.weight", "dtype": "F32"
        """)]
    [InlineData(
        null, null,
        """
        norm.weight", "dtype": "BF16", "shape": [48]}
          ]
        """,
        """
        norm.weight", "dtype": "F32", "shape": [48]}
          ], "format": "gguf"
        """)]
    [InlineData(
        null, null,
        "BF16",
        "F16")]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
