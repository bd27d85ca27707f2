using Lanyard.Tests.Layouts;
using Lanyard.Tests.Ranks;
using static TorchSharp.torch;

namespace Lanyard.Tests.Transfers;

/// <summary>Experts of live ranks change places: what a rank lacks comes from those that have it, and what stays is not sent.</summary>
public sealed class PlacementTransferTests
{
    private const int Models = 60;

    [Fact]
    public void Live_experts_change_places_by_a_plan()
    {
        var (moved, stayed, refitted) = (0L, 0L, 0);
        for (var seed = 0; seed < Models; seed++)
        {
            using var scope = NewDisposeScope();
            var random = new Random(seed);
            var model = new RandomModel(new Tape([.. Enumerable.Range(0, 400).Select(_ => random.Next(1000))]), listed: true);
            var weights = new NaiveRanks(model).Tensors("", 1);
            var before = TransferSide.RanksOf(model.Tensor, model.Expert, placement: model.Experts);
            var live = before.ToDictionary(rank => rank.Process, rank => new RandomRank(model, rank.Topology).Loaded(weights));
            model.Deal();
            var after = TransferSide.RanksOf(model.Tensor, model.Expert, placement: model.Experts);
            var plan = TransferPlan.Between(new TransferSide(topology => new RandomRank(model, topology), before), new TransferSide(topology => new RandomRank(model, topology), after));
            try
            {
                var failures = LoopChannel.Run(live.Keys, (process, channel) =>
                {
                    using var received = plan.Receive(process, channel, live[process]);
                    Interlocked.Add(ref moved, received.Bytes);
                    ((IParameterModule)live[process]).PlaceExperts(model.Experts);
                    if (received.Bytes == 0) return;
                    using var refit = ((IParameterModule)live[process]).BeginRefit(RefitMode.InPlace, RefitScope.Subset);
                    received.WriteTo(refit);
                    refit.Commit();
                    Interlocked.Increment(ref refitted);
                });
                Assert.All(failures.Values, Assert.Null);
                stayed += plan.LocalBytes;
                foreach (var rank in after)
                {
                    foreach (var (left, right) in new RandomRank(model, rank.Topology).Loaded(weights).Zip(live[rank.Process])) Assert.True(left.Value.bytes.SequenceEqual(right.Value.bytes), $"{left} differs on {rank}");
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}\n{model}", e);
            }
        }
        Assert.True(moved > 1000 && stayed > moved && refitted > Models / 4, $"{moved} bytes came, {stayed} stayed, {refitted} refits");
    }

    [Fact]
    public void A_staged_session_does_not_take_what_was_received()
    {
        using var scope = NewDisposeScope();
        var model = new RandomModel(new Tape([]));
        var weights = new NaiveRanks(model).Tensors("", 1);
        var whole = new RandomRank(model, model.Rank(0, 0)).Loaded(weights);
        var plan = TransferPlan.Between(new TransferSide(whole, [new TransferRank(0, model.Rank(0, 0))]), new TransferSide(whole, [new TransferRank(1, model.Rank(0, 0))]));
        LoopChannel.Run([0, 1], (process, channel) =>
        {
            using var received = plan.Receive(process, channel, process == 0 ? whole : null);
            if (process == 0) return;
            Assert.Equal(plan.SentBytes, received.Bytes);
            using var other = new RandomRank(model, model.Rank(0, 0));
            using var refit = ((IParameterModule)other).BeginRefit();
            Assert.Throws<ModelStateException>(() => received.WriteTo(refit));
        }).Values.ToList().ForEach(Assert.Null);
    }
}
