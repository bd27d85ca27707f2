using Lanyard.Tests.Models;

namespace Lanyard.Tests.Ranks;

/// <summary>What rules refuse is refused where the parameters are made, too: classes may be compiled without them.</summary>
public sealed class UnevenPartsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_part_that_is_whole_beside_one_that_is_divided_is_refused_on_every_rank(int rank)
    {
        var error = Assert.Throws<ArgumentException>(() => new PairedHeads<int>(2, new Topology(rank, 2)));
        Assert.Contains("kv_heads of Qk, \"(q: heads dim + k: kv_heads dim)\", is whole on every tensor-parallel rank, and heads beside it is divided over them: declare kv_heads with Follows = \"heads\" or with Shard.Tensor, or, where forward counts on all of it, with Whole = true", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_one_in_a_parameter_of_its_own()
    {
        var error = Assert.Throws<ArgumentException>(() => new ApartHeads(6, new Topology(1, 2)));
        Assert.Contains("heads of Query, \"(heads head_dim) hidden\", is whole on every tensor-parallel rank, and kv_heads in its place in Key is divided over them: declare heads with Follows = \"kv_heads\" or with Shard.Tensor", error.Message, StringComparison.Ordinal);
        using var one = new ApartHeads(6, Topology.Single);
        using var single = new ApartHeads(1, new Topology(1, 2));
    }

    /// <summary>One key head for all; one rank; expert-parallel ranks; without the parameter.</summary>
    [Theory]
    [InlineData(1, 2, 1, true)]
    [InlineData(2, 1, 1, true)]
    [InlineData(2, 1, 2, true)]
    [InlineData(2, 2, 1, false)]
    public void Where_nothing_is_mixed_it_is_made(int keys, int tensor, int expert, bool hasQk)
    {
        using var layer = new PairedHeads<long>(keys, new Topology(0, tensor, 0, expert), hasQk);
        Assert.Equal(4 / tensor, layer.Parameters.Bias.ModelShape[0]);
    }

    [Fact]
    public void Two_divided_axes_of_a_generic_class_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new Corners<int>(new Topology(1, 2)));
        Assert.Contains("out and in of Weight, \"out in\", are both divided over the tensor-parallel ranks", error.Message, StringComparison.Ordinal);
        using var whole = new Corners<int>();
    }

    /// <summary>Of 12 query heads and 3 keys, two ranks: 6 heads read keys 0 and 1, and 6 read keys 1 and 2, wherever the keys are cut by themselves.</summary>
    [Theory]
    [InlineData(12, 3, 2, "rank 1 of 2 would hold index 6 of heads without index 1 of kv_heads")]
    [InlineData(15, 3, 2, "rank 1 of 2 would hold index 8 of heads without index 1 of kv_heads")]
    [InlineData(12, 4, 2, null)]
    [InlineData(12, 5, 2, null)]
    [InlineData(6, 3, 3, null)]
    public void Queries_and_keys_that_are_cut_apart_are_refused(int heads, int keys, int ranks, string? message)
    {
        for (var rank = 0; rank < ranks; rank++)
        {
            var exception = Record.Exception(() => new CutApart(heads, keys, new Topology(rank, ranks)).Dispose());
            if (message is null) Assert.Null(exception);
            else Assert.Contains(message, Assert.IsType<ArgumentException>(exception).Message, StringComparison.Ordinal);
        }
    }
}
