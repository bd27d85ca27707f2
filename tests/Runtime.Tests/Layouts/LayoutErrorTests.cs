using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

public sealed class LayoutErrorTests
{
    private static readonly ImmutableArray<Axis> Axes = [.. "abcdef".Select((name, i) => new Axis(name.ToString(), 2 + i))];

    [Theory]
    [InlineData("a (b a)", 5, false)]
    [InlineData("a blocks((b b), 2)", 12, false)]
    [InlineData("(a + b) (c + a)", 13, false)]
    public void An_axis_comes_once_in_an_element_of_the_parameter(string parameter, int position, bool inName) =>
        Assert.Equal((LayoutErrorKind.AxisTwice, position, LayoutError.Parameter, inName), First(parameter, ("w", "a b", null)));

    [Theory]
    [InlineData("w.{a}", "a b", 0, false)]
    [InlineData("w.{a}.{b a}", "c", 9, true)]
    [InlineData("w", "a (b c b)", 7, false)]
    public void An_axis_comes_once_in_an_element_of_a_source(string name, string pattern, int position, bool inName) =>
        Assert.Equal((LayoutErrorKind.AxisTwice, position, 1, inName), First("a b", ("v", "a b", null), (name, pattern, null)));

    [Fact]
    public void Two_parts_need_axes_or_tags_that_differ()
    {
        Assert.Equal((LayoutErrorKind.AxisTwice, 5, LayoutError.Parameter, false), First("(a + a) b", ("w", "a b", null)));
        Assert.Equal((LayoutErrorKind.AxisTwice, 10, LayoutError.Parameter, false), First("b (q: a + q: a)", ("w", "a b", null)));
        Assert.Equal((LayoutErrorKind.AxisTwice, 10, 0, true), First("a b", ("w.{q: a + q: a}", "b", null)));
        // Read as lying in part q, the second part of the parameter is like the first.
        Assert.Equal((LayoutErrorKind.AxisTwice, 8, LayoutError.Parameter, false), First("(q: a + a) b", ("w", "a b", "q"), ("v", "a b", null)));
        Assert.Empty(Layout.Check("(q: a + a) b", [new("w", "(q: a + a) b")], ["a", "b"]));
    }

    [Fact]
    public void An_axis_needs_a_size()
    {
        Assert.Equal((LayoutErrorKind.UnknownAxis, 2, LayoutError.Parameter, false), First("a z", ("w", "a b", null)));
        Assert.Equal((LayoutErrorKind.UnknownAxis, 7, 0, false), First("a b", ("w", "blocks(z, 2)", null)));
        Assert.Equal((LayoutErrorKind.UnknownAxis, 3, 0, true), First("a b", ("w.{z}", "a", null)));
        Assert.False(Layout.TryResolve("a z", [], Axes, out _, out var error));
        Assert.Equal("Expected an axis with a size (a, b, c, d, e, f); found \"z\" at position 2.", error.Message);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a b", "a")]
    [InlineData("a b", "a b c")]
    [InlineData("a b", "a c")]
    [InlineData("blocks((a b), 2)", "blocks((b a), 2)")]
    [InlineData("blocks(a, 2)", "blocks(a, 3)")]
    [InlineData("a", "")]
    public void A_source_gives_something(string parameter, string pattern) =>
        Assert.Equal((LayoutErrorKind.NoElement, 0, 1, false), First(parameter, ("v", parameter, null), ("w", pattern, null)));

    [Fact]
    public void A_source_of_another_part_gives_nothing()
    {
        Assert.Equal((LayoutErrorKind.NoElement, 0, 0, false), First("(q: a + k: b) c", ("w", "a c", "k")));
        Assert.False(Layout.TryResolve("(q: a + k: b) c", [new("w", "a c", "k")], Axes, out _, out var error));
        Assert.Equal("Expected an element of \"(q: a + k: b) c\" (\"a c\" in part q, \"b c\" in part k); \"w\" as \"a c\" gives \"a c\" in part k.", error.Message);
    }

    [Fact]
    public void Each_element_has_one_source()
    {
        Assert.Equal((LayoutErrorKind.Overlap, 1, 1, false), First("(a + b) c", ("w", "(a + b) c", null), ("v", "(b + d) c", null)));
        Assert.Equal((LayoutErrorKind.Gap, 5, LayoutError.Parameter, false), First("(a + b) c", ("w", "a c", null)));
        Assert.False(Layout.TryResolve("(a + b) c", [new("w", "a c")], Axes, out _, out var gap));
        Assert.Equal("Expected a source for \"b c\" of \"(a + b) c\"; found none.", gap.Message);
        Assert.False(Layout.TryResolve("a", [new("w", "a"), new("v.{a}", "")], Axes, out _, out var overlap));
        Assert.Equal("Expected one source for \"a\"; \"w\" as \"a\" gives it, and \"v.{a}\" as \"\" gives it again.", overlap.Message);
    }

    [Fact]
    public void What_a_rank_does_not_hold_needs_no_source_there()
    {
        ImmutableArray<Axis> axes = [new("a", 2), new("b", 3, held: AxisShare.Range(0, 0))];
        Assert.Equal([2L], Layout.Resolve("(a + b)", [new("w", "a")], axes).Shape.AsEnumerable());
        Assert.Equal(LayoutErrorKind.Gap, Assert.Single(Layout.Check("(a + b)", [new("w", "a")], ["a", "b"])).Kind);
    }

    [Fact]
    public void A_share_does_not_cut_a_block()
    {
        ImmutableArray<Axis> axes = [new("a", 6, held: AxisShare.Range(1, 3)), new("b", 2)];
        Assert.False(Layout.TryResolve("b blocks(a, 2)", [new("w", "b blocks(a, 2)")], axes, out _, out var error));
        Assert.Equal((LayoutErrorKind.CutBlock, 2, 12), (error.Kind, error.Position, error.Length));
        Assert.Equal("Expected whole blocks of 2 in blocks(a, 2); this rank holds positions 1..3 together (1..3 of a, which has 6), which cuts a block.", error.Message);
        Assert.Equal(error, Assert.Throws<LayoutException>(() => Layout.ShapeOf(Pattern.Parse("b blocks(a, 2)"), axes)).Error);
    }

    [Theory]
    [InlineData(2, 3, "2..7")]
    [InlineData(3, 2, "3..7")]
    public void Padding_inside_blocks_is_part_of_the_whole(int start, int count, string found)
    {
        ImmutableArray<Axis> axes = [new("a", 5, held: AxisShare.Range(start, count))];
        Assert.False(Layout.TryResolve("blocks(pad(a, 4), 2)", [new("w", "blocks(pad(a, 4), 2)")], axes, out _, out var error));
        Assert.Equal(LayoutErrorKind.CutBlock, error.Kind);
        Assert.Contains($" positions {found} ", error.Message);
    }

    [Fact]
    public void A_name_is_not_spelled_for_two_tensors()
    {
        ImmutableArray<Axis> axes = [new("a", 12), new("b", 12)];
        Assert.False(Layout.TryResolve("a b", [new("w{a}{b}", "")], axes, out _, out var error));
        Assert.Equal((LayoutErrorKind.Overlap, 0, true), (error.Kind, error.SourceIndex, error.InName));
        Assert.Contains("\"w110\"", error.Message);
        Assert.True(Layout.TryResolve("a b", [new("w{a}.{b}", "")], axes, out _, out _));
    }

    [Fact]
    public void Errors_are_found_in_the_order_of_their_kinds()
    {
        Assert.Equal(LayoutErrorKind.Syntax, First("a a", ("w", "(", null)).Kind);
        Assert.Equal((LayoutErrorKind.Syntax, 2, 0, true), First("z", ("w.}", "(", null)));
        Assert.Equal(LayoutErrorKind.AxisTwice, First("z", ("w", "a a", null)).Kind);
        Assert.Equal(LayoutErrorKind.UnknownAxis, First("z", ("w", "a", null)).Kind);
        Assert.Equal((LayoutErrorKind.NoElement, 0, 2, false), First("(a + b)", ("w", "a", null), ("v", "a", null), ("u", "c", null)));
        Assert.Equal(LayoutErrorKind.Overlap, First("(a + b)", ("w", "a", null), ("v", "a", null)).Kind);
    }

    [Fact]
    public void A_check_lists_all_errors_of_one_stage()
    {
        var syntax = Layout.Check("(", [new("a", ")"), new("{", "a")], ["a"]);
        Assert.Equal([(-1, false), (0, false), (1, true)], syntax.Select(error => (error.SourceIndex, error.InName)));

        var structure = Layout.Check("a a z", [new("w.{y}", "b b")], ["a", "b"]);
        Assert.Equal(
            [(LayoutErrorKind.AxisTwice, -1), (LayoutErrorKind.AxisTwice, 0), (LayoutErrorKind.UnknownAxis, -1), (LayoutErrorKind.UnknownAxis, 0)],
            structure.Select(error => (error.Kind, error.SourceIndex)));

        var coverage = Layout.Check("(a + b + c + d)", [new("u", "e"), new("v", "a"), new("w", "a")], ["a", "b", "c", "d", "e"]);
        Assert.Equal(
            [(LayoutErrorKind.NoElement, 0, 0), (LayoutErrorKind.Overlap, 2, 0), (LayoutErrorKind.Gap, -1, 5), (LayoutErrorKind.Gap, -1, 9), (LayoutErrorKind.Gap, -1, 13)],
            coverage.Select(error => (error.Kind, error.SourceIndex, error.Position)));
    }

    [Fact]
    public void Axes_and_shares_are_checked_when_they_are_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Axis("a", -1));
        Assert.Throws<ArgumentException>(() => new Axis("a", 2, ["x"]));
        Assert.Throws<ArgumentException>(() => new Axis("a", 2, ["x", "x"]));
        Assert.Throws<ArgumentException>(() => new Axis("a", 2, held: AxisShare.Range(1, 2)));
        Assert.Throws<ArgumentException>(() => new Axis("a", 2) with { Held = AxisShare.List([2]) });
        Assert.Equal(3, AxisShare.List([1, 1, 0]).Count(2));
        Assert.Throws<ArgumentException>(() => AxisShare.List([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => AxisShare.Range(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AxisShare.Range(0, -1));
        Assert.Throws<ArgumentException>(() => Layout.Resolve("a", [new("w", "a")], [new Axis("a", 1), new Axis("a", 2)]));
    }

    private static (LayoutErrorKind Kind, int Position, int Source, bool InName) First(string parameter, params (string Name, string Pattern, string? Part)[] sources)
    {
        LayoutSource[] written = [.. sources.Select(source => new LayoutSource(source.Name, source.Pattern, source.Part))];
        Assert.False(Layout.TryResolve(parameter, written, Axes, out var plan, out var error));
        Assert.Null(plan);
        Assert.Equal(error, Assert.Throws<LayoutException>(() => Layout.Resolve(parameter, written, Axes)).Error);
        Assert.Equal(error, Layout.Check(parameter, written, Axes.Select(axis => axis.Name))[0]);
        return (error.Kind, error.Position, error.SourceIndex, error.InName);
    }
}
