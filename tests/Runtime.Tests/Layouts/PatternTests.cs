using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

public sealed class PatternTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  a   b ", "a b")]
    [InlineData("(a b)", "(a b)")]
    [InlineData("((a))", "((a))")]
    [InlineData("(a+b c)d", "(a + b c) d")]
    [InlineData("(q:heads dim+k : kv dim)", "(q: heads dim + k: kv dim)")]
    [InlineData("1 a", "1 a")]
    [InlineData("pad( a ,8 )", "pad(a, 8)")]
    [InlineData("pad(a + b, 008)", "pad(a + b, 8)")]
    [InlineData("blocks((heads (nope+rope)),128)", "blocks((heads (nope + rope)), 128)")]
    [InlineData("pad blocks", "pad blocks")]
    [InlineData("(pad: a + blocks: a)", "(pad: a + blocks: a)")]
    [InlineData("_a1 größe", "_a1 größe")]
    public void The_canonical_text_has_one_space_where_one_is_needed(string text, string canonical)
    {
        var pattern = Pattern.Parse(text);
        Assert.Equal(canonical, pattern.ToString());
        Assert.Equal(text, pattern.Text);
    }

    [Fact]
    public void Every_node_knows_its_place()
    {
        const string Text = " (q: heads dim + v) pad(blocks(a, 2) 1, 16)";
        var items = Pattern.Parse(Text).Items;
        var composition = Assert.IsType<CompositionNode>(items[0]);
        var pad = Assert.IsType<PadNode>(items[1]);
        Assert.Equal(2, items.Length);
        Assert.Equal("(q: heads dim + v)", Slice(composition));
        Assert.Equal(["q: heads dim", "v"], composition.Parts.Select(Slice));
        Assert.Equal(["heads", "dim"], composition.Parts[0].Items.Select(Slice));
        Assert.Equal("q", composition.Parts[0].Tag);
        Assert.Null(composition.Parts[1].Tag);
        Assert.Equal("pad(blocks(a, 2) 1, 16)", Slice(pad));
        Assert.Equal(16, pad.Multiple);
        Assert.Equal("blocks(a, 2) 1", Slice(pad.Composition));
        var blocks = Assert.IsType<BlocksNode>(pad.Composition.Parts[0].Items[0]);
        Assert.Equal("blocks(a, 2)", Slice(blocks));
        Assert.Equal(2, blocks.Size);
        Assert.Equal("1", Slice(Assert.IsType<OneNode>(pad.Composition.Parts[0].Items[1])));

        static string Slice(LayoutNode node) => Text.Substring(node.Start, node.Length);
    }

    [Theory]
    [InlineData("(a b", 4, "the end")]
    [InlineData("a b)", 3, "\")\"")]
    [InlineData("q: a", 1, "\":\"")]
    [InlineData("(1: a)", 2, "\":\"")]
    [InlineData("(a: b: c)", 5, "\":\"")]
    [InlineData("a 1b", 2, "\"1b\"")]
    [InlineData("a\t%", 2, "\"%\"")]
    [InlineData("pad(a, 2, 3)", 8, "\",\"")]
    [InlineData("pad(a, 2 b)", 9, "\"b\"")]
    [InlineData("blocks(a, 99999999999999999999)", 10, "\"99999999999999999999\"")]
    [InlineData("(a + pad(b, -2))", 12, "\"-\"")]
    public void A_syntax_error_says_where_reading_stopped(string text, int position, string found)
    {
        Assert.False(Pattern.TryParse(text, out _, out var error));
        Assert.Equal((LayoutErrorKind.Syntax, position), (error.Kind, error.Position));
        Assert.StartsWith("Expected ", error.Message);
        Assert.EndsWith($" at position {position} of \"{text}\", found {found}.", error.Message);
        Assert.Equal(error, Assert.Throws<LayoutException>(() => Pattern.Parse(text)).Error);
    }

    [Theory]
    [InlineData("out, in", 3, ",", "Axes are separated by blanks")]
    [InlineData("(heads * dim) hidden", 7, "*", "Axes are separated by blanks")]
    [InlineData("experts.hidden", 7, ".", "Axes are separated by blanks")]
    [InlineData("out in -> in out", 7, "-", "Axes are separated by blanks, and a pattern is one side without an arrow")]
    [InlineData("out \u2192 in", 4, "\u2192", "Axes are separated by blanks, and a pattern is one side without an arrow")]
    [InlineData("head-dim", 4, "-", "Names of axes have letters, digits and _, and axes are separated by blanks")]
    [InlineData("[out in]", 0, "[", "Dimensions have no brackets, and axes are separated by blanks")]
    [InlineData("pad(a 0, 2)", 6, "0", "An axis is written by its name, and its size is declared by [Axis]")]
    [InlineData("64 hidden", 0, "64", "An axis is written by its name, and its size is declared by [Axis]")]
    [InlineData("out pad(in 8)", 11, "8", "A comma stands before the size, as in pad(x, 8)")]
    [InlineData("blocks((a b) 128 )", 13, "128", "A comma stands before the size, as in blocks(x, 128)")]
    [InlineData("{out} {in}", 0, "{", "Axes are written without braces, which are for names of tensors")]
    [InlineData("out:12 in: 8", 3, ":", "Sizes are declared by [Axis] and not written")]
    [InlineData("out + in", 4, "+", "Parts of a dimension stand in parentheses, as in (a + b)")]
    public void What_other_notations_have_is_told_as_what_this_one_has_instead(string text, int position, string found, string rule)
    {
        Assert.False(Pattern.TryParse(text, out _, out var error));
        Assert.Equal((LayoutErrorKind.Syntax, position, found.Length), (error.Kind, error.Position, error.Length));
        Assert.Equal($"{rule} at position {position} of \"{text}\", found \"{found}\".", error.Message);
    }

    [Fact]
    public void A_hostile_text_is_refused_and_not_obeyed()
    {
        Assert.False(Pattern.TryParse(new string('(', 100_000), out _, out var deep));
        Assert.Equal(LayoutErrorKind.Syntax, deep.Kind);
        Assert.False(Pattern.TryParse(string.Join(" ", Enumerable.Range(0, 40).Select(i => $"(a{i} + b{i})")), out _, out var wide));
        Assert.Equal(LayoutErrorKind.Syntax, wide.Kind);
        Assert.True(Pattern.TryParse(new string('(', 60) + "a" + new string(')', 60), out _, out _));
    }

    [Fact]
    public void Patterns_with_the_same_text_are_equal()
    {
        Assert.Equal(Pattern.Parse("(a + b) c"), Pattern.Parse("(a + b) c"));
        Assert.NotEqual(Pattern.Parse("a b"), Pattern.Parse("a c"));
        Assert.Equal(Pattern.Parse("(a + b) c").Items[0], Pattern.Parse("(a + b) d").Items[0]);
        Assert.NotEqual(Pattern.Parse("(a + b)").Items[0], Pattern.Parse("(a + c)").Items[0]);
    }

    [Theory]
    [InlineData("layers.0.weight", "layers.0.weight")]
    [InlineData("", "")]
    [InlineData("x.{ a }.y", "x.{a}.y")]
    [InlineData("{proj}_proj", "{proj}_proj")]
    [InlineData("q.{layers-1}", "q.{layers - 1}")]
    [InlineData("q.{layers + 1}", "q.{layers + 1}")]
    [InlineData("q.{layers + 1 b}", "q.{layers + 1 b}")]
    [InlineData("e.{text+vision}.w", "e.{text + vision}.w")]
    [InlineData("e.{t: text + v: vision}.{a b}", "e.{t: text + v: vision}.{a b}")]
    public void A_name_is_text_with_holes(string text, string canonical)
    {
        var name = NamePattern.Parse(text);
        Assert.Equal(canonical, name.ToString());
        Assert.All(name.Segments, segment => Assert.Equal(segment is HoleSegment, text.Substring(segment.Start, segment.Length).StartsWith('{')));
        Assert.Equal(text, string.Concat(name.Segments.Select(segment => text.Substring(segment.Start, segment.Length))));
    }

    [Theory]
    [InlineData("q.{layers - 1}", -1L)]
    [InlineData("q.{layers + 12}", 12L)]
    [InlineData("q.{layers}", null)]
    public void A_shift_is_not_a_part(string text, long? shift)
    {
        var hole = Assert.Single(NamePattern.Parse(text).Holes);
        Assert.Equal(shift, hole.Shift);
        Assert.Equal("layers", hole.Axis?.Name);
    }

    [Theory]
    [InlineData("a.{", 3)]
    [InlineData("a.{}", 3)]
    [InlineData("a.{b", 4)]
    [InlineData("a.}", 2)]
    [InlineData("a.{b}}", 5)]
    [InlineData("a.{b c + }", 9)]
    [InlineData("a.{b - c}", 7)]
    [InlineData("a.{b + 2 c}", 9)]
    [InlineData("a.{{b}}", 3)]
    public void A_name_that_does_not_parse_says_where(string text, int position)
    {
        Assert.False(NamePattern.TryParse(text, out _, out var error));
        Assert.Equal((LayoutErrorKind.Syntax, position), (error.Kind, error.Position));
        Assert.Equal(error, Assert.Throws<LayoutException>(() => NamePattern.Parse(text)).Error);
    }
}
