using Lanyard.Generator.Analyzers.Conformance;

namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Every tensor of a list has a home.</summary>
public sealed class UnexpectedTensorAnalyzerTests
{
    [Theory]
    [InlineData(
        null, null,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.{0..3}.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """,
        "LANY0019 list.tensors.json(9,15) layers.{0..3}.rotary.inv_freq")]
    [InlineData(
        null, null,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.2.q_proj.bias", "dtype": "BF16", "shape": [64]},
        {"name": "norm.weight"
        """,
        "LANY0019 list.tensors.json(9,15) layers.2.q_proj.bias")]
    [InlineData(
        null, null,
        """norm.weight", "dtype": "BF16", "shape": [48]""",
        """nrom.weight", "dtype": "BF16", "shape": [48]""",
        """
        LANY0019 list.tensors.json(9,15) nrom.weight
        LANY0055 Model.cs(21,21) "norm.weight"
        """)]
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
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Without("Layers.QueryNorm")]
        """,
        null, null,
        "LANY0019 list.tensors.json(5,15) layers.{0..3}.q_norm.weight")]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("rotary.**")]
        """,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.{0..3}.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """,
        """
        LANY0019 list.tensors.json(9,15) layers.{0..3}.rotary.inv_freq
        LANY0060 Model.cs(3,9) "rotary.**"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("layers.2.rotary.inv_freq")]
        """,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.{0..3}.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """,
        "LANY0019 list.tensors.json(9,15) layers.{0..3}.rotary.inv_freq")]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public Task Says_what_is_wrong_and_where_else_it_shows() => SmallDecoder.AssertTellsOfMisspeltName();

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("layers.*.rotary.inv_freq")]
        """,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.{0..3}.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("layers.**.inv_freq")]
        """,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.{0..3}.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """)]
    [InlineData(
        """
        [ParameterModule]
        public sealed partial class Layer
        """,
        """
        [ParameterModule]
        [Ignore("rotary.*")]
        public sealed partial class Layer
        """,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.{0..3}.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Without("Layers.QueryNorm")]
        """,
        """    {"name": "layers.{0..3}.q_norm.weight", "dtype": "BF16", "shape": [8]},""",
        "")]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));

    [Fact]
    public Task The_place_in_a_list_is_a_place_of_the_file() => Verify.Files<UnexpectedTensorAnalyzer>(
        SmallDecoder.Code, (SmallDecoder.File, SmallDecoder.Replaced(SmallDecoder.List, "\"norm.weight\"", "\"{|LANY0019:final_norm.weight|}\"")));
}
