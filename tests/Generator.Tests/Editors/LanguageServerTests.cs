using Lanyard.Generator.Analyzers.Conformance;

namespace Lanyard.Generator.Tests.Editors;

/// <summary>What a language server answers where one points at a member of a class that conforms to lists.</summary>
public sealed class LanguageServerTests(OpenEditor editor) : IClassFixture<OpenEditor>
{
    private const int Information = 3;

    [Theory]
    [InlineData("partial class Decoder", "Decoder", "list: 1 instance, 2 tensors\nlarge: 1 instance, 2 tensors")]
    [InlineData("public int Vocab", "int Decoder.Vocab", "list: 1000\nlarge: 1000")]
    [InlineData("public int Experts", "int Layer.Experts", "list: 16\nlarge: 16")]
    [InlineData("partial Parameter Embed", "Parameter Decoder.Embed", "list: [1000, 48] BF16, 1 tensor\nlarge: [1000, 96] BF16, 1 tensor")]
    [InlineData("partial Parameter Up", "Parameter Layer.Up", "list: [16, 24, 48] BF16, 4 layers, 64 tensors\nlarge: [16, 24, 96] BF16, 4 layers, 64 tensors")]
    public async Task Where_one_points_at_a_member_it_shows_what_each_list_makes_of_it(string declaration, string member, string expected)
    {
        var (hover, shown) = await editor.At(declaration);
        Assert.Contains(member, hover, StringComparison.Ordinal);
        var only = Assert.Single(shown);
        Assert.Equal((InferredMemberAnalyzer.Id, Information, expected), (only.Code, only.Severity, only.Message));
    }

    [Fact]
    public void Nothing_else_is_shown() => Assert.All(editor.Shown, item => Assert.Equal(InferredMemberAnalyzer.Id, item.Code));

    [Fact]
    public void A_build_prints_nothing_of_it()
    {
        Assert.Contains("Author.dll", editor.Printed, StringComparison.Ordinal);
        Assert.DoesNotContain(InferredMemberAnalyzer.Id, editor.Printed, StringComparison.Ordinal);
    }
}
