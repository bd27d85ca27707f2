using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Tests.Ranks;

namespace Lanyard.Tests.Layouts;

/// <summary>What ranks hold of axes that follow others, and of those that are dealt out in units or padded within what they read.</summary>
public sealed class FollowingAxesTests
{
    private static readonly AxisEntry Heads = new("heads", Shard.Tensor, false, []);

    [Theory]
    [InlineData(15, 3, 5, "0|0 1|1|1 2|2")]
    [InlineData(32, 8, 4, "0 1|2 3|4 5|6 7")]
    [InlineData(8, 2, 8, "0|0|0|0|1|1|1|1")]
    [InlineData(6, 1, 3, "0|0|0")]
    [InlineData(4, 4, 2, "0 1|2 3")]
    public void Each_index_of_the_leader_needs_one(int heads, int groups, int ranks, string held) =>
        Holds([Heads, new("groups", Shard.None, false, []) { Follows = "heads" }], $"heads = {heads}, groups = {groups}", ranks, held);

    [Theory]
    [InlineData(24, 4, 4, "0 1|1 2|3 4|4 5")]
    [InlineData(300, 128, 3, "0|0 1|1 2")]
    [InlineData(8, 8, 8, "0|0|0|0|0|0|0|0")]
    public void Each_index_needs_the_one_of_its_block(int rows, int unit, int ranks, string held) =>
        Holds([Heads with { Name = "rows" }, new("blocks", Shard.None, false, []) { Follows = "rows", Unit = unit }], $"rows = {rows}, blocks = {(rows + unit - 1) / unit}", ranks, held);

    [Theory]
    [InlineData(96, 32, "0 1|2", 64)]
    [InlineData(96, 32, "0|1|2|", 32)]
    [InlineData(100, 32, "0 1|2 3", 64)]
    public void Whole_units_are_dealt_out_and_a_rank_may_have_none(int size, int unit, string held, int padded)
    {
        var ranks = held.Split('|').Length;
        Assert.Equal(held.Split('|').Select(text => Indices(text).SelectMany(i => Enumerable.Range((int)i * unit, unit)).Where(i => i < size).Select(i => (long)i)), Held([Heads with { Unit = unit }], $"heads = {size}", ranks));
        Assert.Equal(Held([Heads with { Unit = unit }], $"heads = {size}", ranks), Held([Heads with { Unit = unit, Padded = true }], $"heads = {size}", ranks));
        for (var rank = 0; rank < ranks; rank++)
        {
            var axis = RankAxes.Of([Heads with { Unit = unit, Padded = true }], $"heads = {size}", new Topology(rank, ranks))[0];
            Assert.Equal(padded, axis.Held.Count(size));
        }
    }

    [Fact]
    public void What_follows_experts_lies_with_them_in_ascending_order()
    {
        ImmutableArray<AxisEntry> axes = [new("experts", Shard.Expert, false, []), new("groups", Shard.None, false, []) { Follows = "experts" }, new("pairs", Shard.None, false, []) { Follows = "groups", Unit = 2 }];
        var topology = new Topology(0, 1, 1, 2) { ExpertPlacement = ExpertPlacement.Listed([[0, 1, 2], [7, 3, 6, 4, 5]]) };
        var held = RankAxes.Of(axes, "experts = 8, groups = 8, pairs = 4", topology);
        Assert.Equal([7L, 3, 6, 4, 5], Numbers(held[0]));
        Assert.Equal([3L, 4, 5, 6, 7], Numbers(held[1]));
        Assert.Equal([1L, 2, 3], Numbers(held[2]));
    }

    [Fact]
    public void Axes_follow_in_any_order_of_declaration()
    {
        ImmutableArray<AxisEntry> axes = [new("c", Shard.None, false, []) { Follows = "b n" }, new("b", Shard.None, false, []) { Follows = "heads" }, new("n", Shard.None, false, []), Heads];
        Assert.Equal([2L, 3], Numbers(RankAxes.Of(axes, "c = 4, b = 2, n = 2, heads = 6", new Topology(1, 2))[0]));
    }

    [Fact]
    public void All_that_is_declared_is_what_it_says_index_by_index()
    {
        var random = new Random(15);
        for (var times = 0; times < 2000; times++)
        {
            var ranks = random.Next(1, 13);
            var keys = random.Next(2) == 0 ? ranks * random.Next(1, 3) : Enumerable.Range(1, ranks).Where(count => ranks % count == 0).MinBy(_ => random.Next());
            var sizes = new Dictionary<string, int> { ["keys"] = keys, ["heads"] = keys * random.Next(1, 12), ["n"] = random.Next(1, 5), ["dealt"] = random.Next(1, 40), ["first"] = random.Next(1, 5) };
            List<AxisEntry> axes =
            [
                Heads with { PadWithin = "keys" }, new("keys", Shard.None, false, []) { Follows = "heads" }, new("n", Shard.None, false, []),
                random.Next(5) is var unit && unit == 0 ? new("dealt", Shard.Tensor, false, []) { Padded = true } : new("dealt", Shard.Tensor, false, []) { Unit = unit, Padded = random.Next(2) == 0 },
                new("first", Shard.FirstTensorRank, false, []),
            ];
            for (var i = 0; i < 4; i++)
            {
                var leader = axes[random.Next(axes.Count)].Name;
                var leaders = leader != "n" && random.Next(2) == 0 ? random.Next(2) == 0 ? $"{leader} n" : $"n {leader}" : leader;
                var whole = leaders.Split(' ').Aggregate(1, (count, name) => count * sizes[name]);
                var each = random.Next(2) * random.Next(1, 9);
                axes.Add(new($"f{i}", Shard.None, false, []) { Follows = leaders, Unit = each });
                sizes.Add($"f{i}", each > 0 ? (whole + each - 1) / each : random.Next(1, whole + 1));
            }
            var text = string.Join(", ", sizes.Select(size => $"{size.Key} = {size.Value}"));
            var naive = new NaiveShares(axes, sizes, ranks, _ => []);
            var shared = axes.ToDictionary(axis => axis.Name, _ => new HashSet<long>());
            for (var rank = 0; rank < ranks; rank++)
            {
                foreach (var axis in RankAxes.Of(axes, text, new Topology(rank, ranks)))
                {
                    var expected = naive.Held(rank, 0)(axis.Name);
                    Assert.Equal(expected.Length, axis.Held.Count(axis.Size));
                    Assert.Equal(expected.OfType<int>().Select(index => (long)index), Numbers(axis));
                    shared[axis.Name].UnionWith(Numbers(axis));
                }
            }
            // No index is lost.
            Assert.All(sizes, size => Assert.Equal(size.Value, shared[size.Key].Count));
        }
    }

    [Theory]
    [InlineData("heads = 4, a = 5", "heads", 0, "a of size 5 follows heads of size 4, whose indices need one each, and the others would be on no rank")]
    [InlineData("heads = 4, a = 3", "heads", 2, "a of size 3 follows heads of size 4 in units of 2, which are 2")]
    [InlineData("heads = 4, a = 1", "heads", 2, "a of size 1 follows heads of size 4 in units of 2, which are 2")]
    [InlineData("heads = 4, a = 1", "missing", 0, "a of size 1 follows missing, which is no axis of the class")]
    [InlineData("heads = 4, a = 1", "a", 0, "a of size 1 follows itself: a, which follows a")]
    [InlineData("heads = 4, a = 1", "heads (", 0, "a of size 1 follows \"heads (\": ")]
    [InlineData("heads = 4, a = 1", "blocks(heads, 4)", 0, "a of size 1 follows \"blocks(heads, 4)\", which are no axes")]
    [InlineData("heads = 4, a = 1", "heads", -1, "a of size 1 follows heads in units of -1")]
    public void What_cannot_be_followed_is_refused(string sizes, string follows, int unit, string message) =>
        Refused([Heads, new("a", Shard.None, false, []) { Follows = follows, Unit = unit }], sizes, 2, message);

    [Fact]
    public void Axes_that_follow_in_a_circle_are_refused() => Refused(
        [new("a", Shard.None, false, []) { Follows = "b" }, new("b", Shard.None, false, []) { Follows = "c" }, new("c", Shard.None, false, []) { Follows = "a" }],
        "a = 1, b = 1, c = 1", 2, "follows itself: a, which follows b, which follows c, which follows a");

    [Fact]
    public void What_is_wrong_with_a_leader_is_said_once()
    {
        var message = Refused([Heads, new("a", Shard.None, false, []) { Follows = "heads" }], "heads = 3, a = 1", 2, "heads of size 3 does not divide over 2 tensor-parallel ranks");
        Assert.DoesNotContain("a of size", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_divides_twice_or_not_at_all_is_refused()
    {
        Refused([Heads with { Follows = "heads" }], "heads = 4", 2, "follows heads, and is divided by itself, too");
        Refused([Heads with { Unit = 2, Replicate = true }], "heads = 4", 2, "is divided in two ways: Replicate and Unit");
        Refused([Heads with { Unit = 2, PadTo = 4 }], "heads = 4", 2, "is divided in two ways: PadTo and Unit");
        Refused([Heads with { Unit = -2 }], "heads = 4", 2, "cannot be dealt out in units of -2");
        Refused([Heads with { Shard = Shard.Expert, Unit = 2 }], "heads = 4", 2, "has Unit, which goes with Shard.Tensor alone");
        Refused([Heads with { Shard = Shard.None, Padded = true }], "heads = 4", 2, "has Padded, which goes with Shard.Tensor alone");
        Refused([Heads with { PadWithin = "keys" }], "heads = 4", 2, "is padded within keys, which is no axis of the class");
        Refused([Heads with { PadWithin = "keys" }, new("keys", Shard.None, false, [])], "heads = 7, keys = 2", 2, "has no equal run for each of 2 of keys");
        Refused([Heads with { PadWithin = "keys" }, new("keys", Shard.None, false, [])], "heads = 8, keys = 4", 6, "4 of it can neither be dealt to 6 tensor-parallel ranks nor be shared by them");
    }

    [Fact]
    public void Shares_with_padding_differ_by_it()
    {
        var share = AxisShare.RangeThenPadding(4, 3, 1);
        Assert.Equal((4, "4..6 and padding of 1"), (share.Count(28), share.ToString()));
        Assert.Equal([new IndexRun(4, 3)], share.Runs(28).AsEnumerable());
        Assert.NotEqual(AxisShare.Range(4, 3), share);
        Assert.Equal(AxisShare.RangeThenPadding(4, 3, 1), share);
        Assert.Throws<ArgumentOutOfRangeException>(() => AxisShare.RangeThenPadding(4, 3, -1));
        Assert.Throws<ArgumentException>(() => new Axis("heads", 6, held: share));
    }

    private static void Holds(ImmutableArray<AxisEntry> axes, string sizes, int ranks, string held) =>
        Assert.Equal(held.Split('|').Select(Indices), Held(axes, sizes, ranks));

    private static IEnumerable<IEnumerable<long>> Held(ImmutableArray<AxisEntry> axes, string sizes, int ranks) =>
        Enumerable.Range(0, ranks).Select(rank => Numbers(RankAxes.Of(axes, sizes, new Topology(rank, ranks))[^1]));

    private static string Refused(ImmutableArray<AxisEntry> axes, string sizes, int ranks, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => RankAxes.Of(axes, sizes, new Topology(0, ranks)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private static IEnumerable<long> Indices(string text) => text.Length == 0 ? [] : AxisText.Numbers(text);

    private static IEnumerable<long> Numbers(Axis axis) =>
        axis.Held.Runs(axis.Size).SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.Start + (i * run.Step)));
}
