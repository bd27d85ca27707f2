using System.Globalization;
using Lanyard.Arithmetic;

namespace Lanyard.Tests.Arithmetic;

public sealed class ValueExpressionTests
{
    [Theory]
    [InlineData("code", "code")]
    [InlineData(" code*scale ", "(code * scale)")]
    [InlineData("code - zero + 1", "((code - zero) + 1)")]
    [InlineData("code - zero * scale", "(code - (zero * scale))")]
    [InlineData("a / b * c / d", "(((a / b) * c) / d)")]
    [InlineData("zero + 1 & 15", "((zero + 1) & 15)")]
    [InlineData("a & b + c & d * e", "((a & (b + c)) & (d * e))")]
    [InlineData("code * (scale * scale_2)", "(code * (scale * scale_2))")]
    [InlineData("(code - (zero + 1 & 15)) * scale", "((code - ((zero + 1) & 15)) * scale)")]
    [InlineData("table[code] * (nested_table[absmax & 255] * nested + offset)", "(table[code] * ((nested_table[(absmax & 255)] * nested) + offset))")]
    [InlineData("t[t[code]]", "t[t[code]]")]
    [InlineData("((code))", "code")]
    [InlineData("7 * 0.5 - 1e-3+2E+2", "(((7 * 0.5f) - 0.001f) + 200f)")]
    [InlineData("9223372036854775807 & 0", "(9223372036854775807 & 0)")]
    public void Operators_bind_as_in_C(string text, string meaning)
    {
        Assert.True(ValueExpression.TryParse(text, out var expression, out var error), $"{error}");
        Assert.Equal(meaning, Spell(expression!.Root));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("", "Expected \"code\", a name, a number or \"(\" at position 0 of \"\", found the end.", 0)]
    [InlineData("code *", "Expected \"code\", a name, a number or \"(\" at position 6 of \"code *\", found the end.", 0)]
    [InlineData("code scale", "Expected an operator or the end at position 5 of \"code scale\", found \"scale\".", 5)]
    [InlineData("code ^ 2", "Expected an operator or the end at position 5 of \"code ^ 2\", found \"^\".", 1)]
    [InlineData("-code", "Expected \"code\", a name, a number or \"(\" at position 0 of \"-code\", found \"-\".", 1)]
    [InlineData("(code * 2", "Expected an operator or \")\" at position 9 of \"(code * 2\", found the end.", 0)]
    [InlineData("t[code)", "Expected an operator or \"]\" at position 6 of \"t[code)\", found \")\".", 1)]
    [InlineData("code[1", "Expected an operator or \"]\" at position 6 of \"code[1\", found the end.", 0)]
    [InlineData("2x", "Expected a number that float32 has at position 0 of \"2x\", found \"2x\".", 2)]
    [InlineData("1e99", "Expected a number that float32 has at position 0 of \"1e99\", found \"1e99\".", 4)]
    [InlineData("1.2.3", "Expected a number that float32 has at position 0 of \"1.2.3\", found \"1.2.3\".", 5)]
    [InlineData("9223372036854775808", "Expected a whole number of 63 bits at position 0 of \"9223372036854775808\", found \"9223372036854775808\".", 19)]
    public void What_is_no_expression_is_refused_at_its_place(string text, string message, int length)
    {
        Assert.False(ValueExpression.TryParse(text, out var expression, out var error));
        Assert.Null(expression);
        Assert.Equal((message, length), (error!.Message, error.Length));
        Assert.Contains(FormattableString.Invariant($"at position {error.Position} "), message);
    }

    [Fact]
    public void No_text_is_too_deep_for_the_stack()
    {
        Assert.False(ValueExpression.TryParse(new string('(', 100_000), out _, out var error));
        Assert.Contains("less nesting", error!.Message);
        Assert.False(ValueExpression.TryParse("code" + string.Concat(Enumerable.Repeat("+1", 100_000)), out _, out error));
        Assert.Contains("at most 256 operations", error!.Message);
    }

    [Fact]
    public void Names_and_tables_are_told_apart_and_have_places()
    {
        Assert.True(ValueExpression.TryParse("table[code - zero] * scale + (scale & table[1])", out var expression, out _));
        Assert.Equal<string[]>(["code", "zero", "scale"], [.. expression!.Names]);
        Assert.Equal<string[]>(["table"], [.. expression.Tables]);
        foreach (var term in expression.Root.All)
        {
            var text = expression.Text.Substring(term.Start, term.Length);
            Assert.True(ValueExpression.TryParse(text, out var part, out _), text);
            Assert.Equal(Spell(term), Spell(part!.Root));
        }
    }

    private static string Spell(ValueTerm term) => term switch
    {
        NameTerm name => name.Name,
        IntegerTerm number => number.Value.ToString(CultureInfo.InvariantCulture),
        FloatTerm number => number.Value.ToString(CultureInfo.InvariantCulture) + "f",
        TableTerm table => $"{table.Name}[{Spell(table.Index)}]",
        OperationTerm operation => $"({Spell(operation.Left)} {operation.Operator} {Spell(operation.Right)})",
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };
}
