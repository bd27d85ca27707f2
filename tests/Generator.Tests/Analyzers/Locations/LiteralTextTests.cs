using System.Globalization;
using Lanyard.Generator.Analyzers.Locations;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Tests.Analyzers.Locations;

public sealed class LiteralTextTests
{
    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"a b\"")]
    [InlineData("\"\\a\\\\\\\"\\x41\\x7\\u0041\\U00000042\\U0001F600z\"")]
    [InlineData("@\"a\"\"b\\\"")]
    [InlineData("@\"\"\"\"")]
    [InlineData("@\"a\r\nb\"")]
    [InlineData("\"\"\"a \"b\" c\"\"\"")]
    [InlineData("\"\"\"\"\n  a\n\n    b\"\"\"\n  c\n  \"\"\"\"")]
    [InlineData("\"\"\"\r\n    a\r\n      b\r\n    \"\"\"")]
    [InlineData("(\"a\" + @\"b\") + \"\" + (\"\"\"c\"\"\")")]
    public void Each_character_is_where_it_is_spelled(string code)
    {
        var expression = SyntaxFactory.ParseExpression(code);
        Assert.False(expression.ContainsDiagnostics);
        var value = string.Concat(expression.DescendantNodesAndSelf().OfType<LiteralExpressionSyntax>().Select(literal => literal.Token.ValueText));
        for (var i = 0; i < value.Length; i++)
        {
            var span = LiteralText.Find(expression, i, 1);
            Assert.NotNull(span);
            var spelled = code.Substring(span.Value.Start, span.Value.Length);
            Assert.Contains(value[i], Meanings(spelled));
        }
        var end = LiteralText.Find(expression, value.Length, 0);
        Assert.Equal('"', code[end!.Value.Start]);
        Assert.Equal(1, end.Value.Length);
        Assert.Null(LiteralText.Find(expression, value.Length + 1, 0));
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("$\"a\"")]
    [InlineData("\"a\" + Name")]
    [InlineData("nameof(A)")]
    public void What_is_spelled_elsewhere_is_not_found(string code) => Assert.Null(LiteralText.Find(SyntaxFactory.ParseExpression(code), 0, 1));

    private static string Meanings(string spelled) => spelled switch
    {
        [_] => spelled,
        "\"\"" => "\"",
        ['\\', 'x' or 'u' or 'U', .. var digits] => char.ConvertFromUtf32(int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        "\\a" => "\a",
        ['\\', _] => spelled[1..],
        _ => "",
    };
}
