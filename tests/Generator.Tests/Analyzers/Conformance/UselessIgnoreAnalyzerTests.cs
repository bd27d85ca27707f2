namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Patterns to leave alone match something.</summary>
public sealed class UselessIgnoreAnalyzerTests
{
    [Theory]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("vision.**")]
        """,
        null, null,
        """
        LANY0060 Model.cs(3,9) "vision.**"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("embed.weight")]
        """,
        null, null,
        """
        LANY0060 Model.cs(3,9) "embed.weight"
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
        null, null,
        """
        LANY0060 Model.cs(26,9) "rotary.*"
        """)]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("rotary.**")]
        [Ignore("layers.*.rotary.*")]
        """,
        """
        {"name": "norm.weight"
        """,
        """
        {"name": "layers.{0..3}.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """,
        """
        LANY0060 Model.cs(3,9) "rotary.**"
        """)]
    public async Task Fires(string? before, string? after, string? listed, string? instead, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), await SmallDecoder.Places(before, after, listed, instead));

    [Fact]
    public async Task Says_what_is_wrong_and_where_else_it_shows()
    {
        var found = Assert.Single(await SmallDecoder.Changed(
            """[ConformsTo("list.tensors.json")]""",
            """
            [ConformsTo("list.tensors.json")]
            [Ignore("vision.**")]
            """,
            null,
            null));
        Assert.Equal("""list: "vision.**" matches no tensor of the list, so nothing needs to be left alone by it; where checkpoints may do without such tensors, say Optional = true""", found.Message);
        Assert.Empty(found.Others);
    }

    [Theory]
    [InlineData(
        """[ConformsTo("list.tensors.json")]""",
        """
        [ConformsTo("list.tensors.json")]
        [Ignore("vision.**", Optional = true)]
        """,
        null, null)]
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
        {"name": "layers.1.rotary.inv_freq", "dtype": "F32", "shape": [4]},
        {"name": "norm.weight"
        """)]
    [InlineData(
        """
        [ParameterModule]
        public sealed partial class Layer : Module
        {
        """,
        """
        [ParameterModule]
        [Ignore("rotary.*", When = nameof(IsWhole))]
        public sealed partial class Layer : Module
        {
            public bool IsWhole => true;
        """,
        null, null)]
    public async Task Stays_quiet(string? before, string? after, string? listed, string? instead) => Assert.Empty(await SmallDecoder.Changed(before, after, listed, instead));
}
