using Lanyard.Testing.Tests.Mistakes;
using Lanyard.Testing.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Testing.Tests;

/// <summary>What ranks compute together is what one computes.</summary>
public sealed class RanksTests
{
    private const int Hidden = 5;

    [Theory]
    [InlineData(12, 3)]
    [InlineData(6, 2)]
    [InlineData(12, 1)]
    public void Right_slices_add_up(int heads, int keys) =>
        Assert.InRange(ModelTest.Ranks(topology => new GroupedRead(heads, keys, Hidden, topology), Run, [new Topology(0, 2), new Topology(0, 3), new Topology(0, 6)]), 0, 1e-3);

    [Fact]
    public void Where_no_share_cuts_a_group_nobody_sees_that_positions_are_divided() =>
        Assert.InRange(ModelTest.Ranks(topology => new LocalGroups(6, 2, Hidden, topology), Run, [new Topology(0, 2)]), 0, 1e-3);

    [Fact]
    public void Where_one_does_the_ranks_return_something_else()
    {
        var exception = Assert.Throws<ModelTestException>(() => ModelTest.Ranks(topology => new LocalGroups(12, 3, Hidden, topology), Run, [new Topology(0, 2)]));
        Assert.Contains("rank 0 of 2 tensor-parallel ranks: it differs by", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_of_a_pipeline_are_not_taken_for_the_whole() =>
        Assert.Contains("has 2 pipeline stages", Assert.Throws<ArgumentException>(() => ModelTest.Ranks(topology => new GroupedRead(12, 3, Hidden, topology), Run, [new Topology(0, 2, pipelineSize: 2)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_rank_that_lacks_what_it_reads_says_so()
    {
        using var model = new GroupedRead(12, 3, Hidden, new Topology(1, 2));
        Assert.Equal<long>([6, 7, 8, 9, 10, 11], model.Parameters.Held("heads"));
        Assert.Equal<long>([0, 0, 1, 1, 1, 1], model.Parameters.Reads("heads", "keys"));
        Assert.Contains("no axis \"kv\", but heads, keys, hidden", Assert.Throws<ArgumentException>(() => model.Parameters.Held("kv")).Message, StringComparison.Ordinal);
        Assert.Contains("but not index 0 of heads, which it reads", Assert.Throws<InvalidOperationException>(() => model.Parameters.Reads("hidden", "heads")).Message, StringComparison.Ordinal);
    }

    private static Tensor Run(GroupedRead model)
    {
        using var input = arange(10, dtype: ScalarType.Float32).view(2, Hidden);
        return model.call(input);
    }
}
