using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Collectives;

public sealed class InProcessRanksTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(2, 3)]
    public void A_sum_is_that_of_the_group_and_the_same_bits_on_every_rank(int tensorSize, int expertSize)
    {
        var sums = InProcessRanks.Run(tensorSize, expertSize, (topology, ranks) =>
        {
            using var scope = NewDisposeScope();
            var part = full(3, 0.1f) * (1 + topology.TensorRank + (10 * topology.ExpertRank));
            var sum = ranks.AllReduce(part, RankGroup.Tensor);
            return (Tensor: sum.data<float>().ToArray(), Both: ranks.AllReduce(sum, RankGroup.Expert).data<float>().ToArray());
        });
        for (var i = 0; i < sums.Count; i++)
        {
            var of = sums[i / tensorSize * tensorSize].Tensor;
            Assert.Equal(of, sums[i].Tensor);
            Assert.Equal(sums[0].Both, sums[i].Both);
        }
        var expected = Enumerable.Range(0, tensorSize).SelectMany(t => Enumerable.Range(0, expertSize).Select(e => 0.1 * (1 + t + (10 * e)))).Sum();
        Assert.Equal(expected, sums[0].Both[0], 4);
    }

    [Fact]
    public void Parts_of_different_sizes_are_put_together_along_a_dimension()
    {
        var whole = InProcessRanks.Run(3, 1, (topology, ranks) =>
        {
            using var scope = NewDisposeScope();
            return ranks.AllGather(full(2, topology.TensorRank, (float)topology.TensorRank), -1, RankGroup.Tensor).data<float>().ToArray();
        });
        Assert.All(whole, values => Assert.Equal([1, 2, 2, 1, 2, 2], values));
    }

    [Fact]
    public void Rows_go_to_the_ranks_that_they_are_for_and_come_in_the_order_of_the_ranks()
    {
        var came = InProcessRanks.Run(1, 3, (topology, ranks) =>
        {
            using var scope = NewDisposeScope();

            // Rank r sends r rows to rank 0, one to rank 1 and none to rank 2; each says where it is from and for whom.
            var rows = Enumerable.Repeat(0, topology.ExpertRank).Append(1).Select(to => (long)((10 * topology.ExpertRank) + to)).ToArray();
            return ranks.AllToAll(tensor(rows), [topology.ExpertRank, 1, 0], RankGroup.Expert).data<long>().ToArray();
        });
        Assert.Equal([10, 20, 20], came[0]);
        Assert.Equal([1, 11, 21], came[1]);
        Assert.Empty(came[2]);
    }

    [Theory]
    [InlineData("shapes", "are of different shapes: rank 0 [2]; rank 1 [3]")]
    [InlineData("types", "are of different types: Float32, Float64")]
    [InlineData("operations", "do different things: AllReduce, AllGather along 0")]
    public void What_does_not_fit_together_is_refused_on_every_rank(string what, string message)
    {
        var said = InProcessRanks.Run(2, 1, (topology, ranks) =>
        {
            using var scope = NewDisposeScope();
            var odd = topology.TensorRank == 1;
            var value = zeros(odd && what == "shapes" ? 3 : 2, odd && what == "types" ? ScalarType.Float64 : ScalarType.Float32);
            return Assert.Throws<InvalidOperationException>(() => odd && what == "operations" ? ranks.AllGather(value, 0, RankGroup.Tensor) : ranks.AllReduce(value, RankGroup.Tensor)).Message;
        });
        Assert.All(said, text => Assert.Contains(message, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_that_fails_lets_no_other_wait()
    {
        var others = 0;
        var exception = Assert.Throws<TimeZoneNotFoundException>(() => InProcessRanks.Run<int>(3, 1, (topology, ranks) =>
        {
            if (topology.TensorRank == 1) throw new TimeZoneNotFoundException("gone");
            try
            {
                using var part = zeros(1);
                ranks.AllReduce(part, RankGroup.Tensor);
            }
            catch (InvalidOperationException ended) when (ended.Message.Contains("Rank 1 of 3 (tensor)", StringComparison.Ordinal) && ended.Message.Contains("gone", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref others);
                throw;
            }
            return 0;
        }));
        Assert.Equal("gone", exception.Message);
        Assert.Equal(2, others);
    }

    [Fact]
    public void Counts_that_are_not_those_of_the_rows_and_other_sizes_are_refused()
    {
        var ranks = new InProcessRanks(2);
        Assert.Contains("2 tensor-parallel and 1 expert-parallel", Assert.Throws<ArgumentException>(() => ranks.Of(new Topology(0, 4))).Message, StringComparison.Ordinal);
        using var rows = zeros(3, 1);
        Assert.Contains("together 3, but these are 1, 1", Assert.Throws<ArgumentException>(() => ranks.Of(new Topology(0, 2)).AllToAll(rows, [1, 1], RankGroup.Tensor)).Message, StringComparison.Ordinal);
    }
}
