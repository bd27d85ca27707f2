using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lanyard.Checkpoints;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>What a topology makes of an axis: placement of experts, and axes that are rounded up before they are divided.</summary>
public sealed class PlacementTests
{
    private static readonly ImmutableArray<AxisEntry> Experts = [new("experts", Shard.Expert, false, [])];

    public static TheoryData<string> Maps => [.. from strategy in new[] { "linear", "round_robin" } from size in new[] { 2, 3, 4 } from rank in Enumerable.Range(0, size) select $"{strategy}-{rank}-of-{size}"];

    [Theory]
    [MemberData(nameof(Maps))]
    public void Experts_lie_where_their_map_says(string key)
    {
        var words = key.Split('-');
        var topology = new Topology(0, 1, int.Parse(words[1]), int.Parse(words[3]))
        {
            ExpertPlacement = words[0] == "linear" ? ExpertPlacement.Linear : ExpertPlacement.RoundRobin,
        };
        var map = new long[10];
        Array.Fill(map, -1);
        foreach (var (index, expert) in Held(topology, 10).Index())
            map[expert] = index;

        using var checkpoint = Checkpoint.Open(LoaderGoldens.Tensors);
        var expected = new long[10];
        checkpoint.Read(checkpoint.Tensors[$"expert-map/out/{key}"], 0, MemoryMarshal.AsBytes(expected.AsSpan()));
        Assert.Equal(expected, map);
    }

    [Fact]
    public void The_maps_are_all_there()
    {
        using var checkpoint = Checkpoint.Open(LoaderGoldens.Tensors);
        Assert.Equal(checkpoint.Tensors.Keys.Count(name => name.StartsWith("expert-map/", StringComparison.Ordinal)), Maps.Count);
    }

    [Fact]
    public void Listed_experts_lie_in_the_order_of_the_list()
    {
        var placement = ExpertPlacement.Listed([[3, 0], [1, 2, 3]]);
        Assert.Equal([3, 0], Held(new Topology(0, 1, 0, 2) { ExpertPlacement = placement }, 4));
        Assert.Equal([1, 2, 3], Held(new Topology(0, 1, 1, 2) { ExpertPlacement = placement }, 4));

        var axes = RankAxes.Of(Loaders.ExpertsW2.Axes, "experts = 4, inter = 2, hidden = 1", new Topology(1, 2, 0, 2) { ExpertPlacement = placement });
        var plan = Layout.Resolve(Loaders.ExpertsW2.Parameter, Loaders.ExpertsW2.Sources, axes);
        Assert.Equal([("experts.3.w2.weight", 1L), ("experts.0.w2.weight", 1L)], plan.Elements().Select(element => element!.Value));
    }

    [Theory]
    [InlineData("linear", "0..0|1..1||")]
    [InlineData("round robin", "0..0|1..1||")]
    public void More_ranks_than_experts(string rule, string held)
    {
        var placement = rule == "linear" ? ExpertPlacement.Linear : ExpertPlacement.RoundRobin;
        var found = Enumerable.Range(0, 4).Select(rank => Held(new Topology(0, 1, rank, 4) { ExpertPlacement = placement }, 2));
        Assert.Equal(held.Split('|').Select(text => text.Length == 0 ? [] : AxisText.Numbers(text).ToArray()), found.Select(list => list.ToArray()));
    }

    [Fact]
    public void Lists_that_do_not_place_the_experts_are_refused()
    {
        var topology = new Topology(0, 1, 0, 2) { ExpertPlacement = ExpertPlacement.Listed([[0, 3], [1, 3]]) };
        Assert.Contains("experts of size 5 is not what the topology places: the placement leaves out 2, 4", Refused(topology, 5), StringComparison.Ordinal);
        topology = new Topology(0, 1, 0, 2) { ExpertPlacement = ExpertPlacement.Listed([[0, 5], [1]]) };
        Assert.Contains("the placement leaves out 2", Refused(topology, 3), StringComparison.Ordinal);
        topology = new Topology(0, 1, 1, 2) { ExpertPlacement = ExpertPlacement.Listed([[0, 3], [1, 2]]) };
        Assert.Contains("experts of size 2 is not what the topology places: the placement names 2, 3", Refused(topology, 2), StringComparison.Ordinal);
        Assert.Equal([1, 2], Held(topology, 4));

        Assert.Throws<ArgumentException>(() => new Topology(0, 1, 0, 3) { ExpertPlacement = ExpertPlacement.Listed([[0], [1]]) });
        Assert.Throws<ArgumentException>(() => ExpertPlacement.Listed([]));
        Assert.Throws<ArgumentException>(() => ExpertPlacement.Listed([[-1]]));
        Assert.Equal([0, 2, 0], Held(new Topology(0, 1, 0, 2) { ExpertPlacement = ExpertPlacement.Listed([[0, 2, 0], [1]]) }, 3));
    }

    [Fact]
    public void Topologies_are_equal_when_they_place_alike()
    {
        static Topology With(ExpertPlacement placement) => new(0, 1, 0, 2) { ExpertPlacement = placement };
        Assert.Equal(new Topology(0, 1, 0, 2), With(ExpertPlacement.Linear));
        Assert.Equal(With(ExpertPlacement.Listed([[0], [1]])), With(ExpertPlacement.Listed([[0], [1]])));
        Assert.Equal(ExpertPlacement.Listed([[0], [1]]).GetHashCode(), ExpertPlacement.Listed([[0], [1]]).GetHashCode());
        Assert.NotEqual(With(ExpertPlacement.Listed([[0], [1]])), With(ExpertPlacement.Listed([[1], [0]])));
        Assert.NotEqual(With(ExpertPlacement.Linear), With(ExpertPlacement.RoundRobin));
        Assert.Equal("[0, 2], [1]", ExpertPlacement.Listed([[0, 2], [1]]).ToString());
    }

    [Theory]
    [InlineData(64, 0, 1, "0..102", 128)]
    [InlineData(64, 0, 2, "0..63", 64)]
    [InlineData(64, 1, 2, "64..102", 64)]
    [InlineData(256, 2, 4, "", 64)]
    [InlineData(103, 0, 1, "0..102", 103)]
    public void Rounded_up_before_it_is_divided(int multiple, int rank, int ranks, string elements, long positions)
    {
        var axis = RankAxes.Of([new("vocab", Shard.Tensor, false, [], multiple)], "vocab = 103", new Topology(rank, ranks)).Single();
        Assert.Equal(positions, axis.Held.Count(axis.Size));
        Assert.Equal(elements.Length == 0 ? [] : AxisText.Numbers(elements), Indices(axis));
    }

    [Theory]
    [InlineData(Shard.Tensor, false, 64, 3, "vocab of size 103 is rounded up to 128, which does not divide over 3 tensor-parallel ranks")]
    [InlineData(Shard.Tensor, true, 64, 2, "vocab of size 103 is rounded up, which goes with equal ranges")]
    [InlineData(Shard.Expert, false, 64, 2, "vocab of size 103 is rounded up, which goes with equal ranges")]
    [InlineData(Shard.None, false, 64, 2, "vocab of size 103 is rounded up, which goes with equal ranges")]
    [InlineData(Shard.Tensor, false, 0, 2, "vocab of size 103 cannot be rounded up to a multiple of 0")]
    [InlineData(Shard.Tensor, false, 1, 2, "vocab of size 103 does not divide over 2 tensor-parallel ranks")]
    public void What_cannot_be_rounded_up_is_refused(Shard shard, bool replicate, int multiple, int ranks, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => RankAxes.Of([new("vocab", shard, replicate, [], multiple)], "vocab = 103", new Topology(0, ranks)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_attribute_leaves_an_axis_as_long_as_it_is()
    {
        Assert.Equal(1, new AxisAttribute(Shard.Tensor).PadTo);
        Assert.Equal(1, new AxisEntry("vocab", Shard.Tensor, false, []).PadTo);
    }

    private static IEnumerable<long> Held(Topology topology, long experts) => Indices(RankAxes.Of(Experts, $"experts = {experts}", topology).Single());

    private static string Refused(Topology topology, long experts) => Assert.Throws<ArgumentException>(() => Held(topology, experts)).Message;

    private static IEnumerable<long> Indices(Axis axis) =>
        axis.Held.Runs(axis.Size).SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.Start + (i * run.Step)));
}
