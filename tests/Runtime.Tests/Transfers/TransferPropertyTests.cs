using System.Collections.Immutable;
using Lanyard.Tests.Layouts;
using Lanyard.Tests.Ranks;
using static TorchSharp.torch;

namespace Lanyard.Tests.Transfers;

/// <summary>Random models, from random ranks to others: what every target has is what it would have loaded.</summary>
public sealed class TransferPropertyTests
{
    private const int Models = 120;

    [Fact]
    public void What_is_transferred_is_what_would_have_been_loaded()
    {
        var (done, sent, local, other, undivided) = (0, 0L, 0L, 0, 0);
        for (var seed = 0; seed < Models; seed++)
        {
            using var scope = NewDisposeScope();
            var random = new Random(seed);
            var tape = new Tape([.. Enumerable.Range(0, 400).Select(_ => random.Next(1000))]);
            var model = new RandomModel(tape);
            var weights = new NaiveRanks(model).Tensors("", 1);
            var scene = new Scene(model, tape, weights);
            try
            {
                if (!scene.Run()) undivided++;
                else done++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}\n{scene}\n{model}", e);
            }
            (sent, local, other) = (sent + scene.Sent, local + scene.Local, other + (scene.IsOtherClass ? 1 : 0));
        }
        Assert.InRange(done, Models / 2, Models);
        Assert.InRange(other, Models / 8, Models);
        Assert.True(sent > 1000 && local > 1000, $"{sent} bytes were sent, {local} were there");
    }

    private sealed class Scene(RandomModel model, Tape tape, Dictionary<string, Tensor> weights)
    {
        private ImmutableArray<TransferRank> _sources = [];
        private ImmutableArray<TransferRank> _targets = [];
        private ModuleMap _map = model.Map;

        public long Sent { get; private set; }

        public long Local { get; private set; }

        public bool IsOtherClass { get; private set; }

        public override string ToString() => $"from {string.Join(", ", _sources)} to {string.Join(", ", _targets)}";

        /// <summary>Plans, copies and compares; false where a topology does not divide the model.</summary>
        public bool Run()
        {
            var own = Ranks(model.Tensor, model.Expert, model.Experts, 0, 1 + tape.Below(2));
            var others = tape.Below(4) switch
            {
                0 => Ranks(1, 1, ExpertPlacement.Linear, 0, 1),
                1 => Ranks(model.Tensor, model.Expert, tape.Chance(50) ? ExpertPlacement.Linear : ExpertPlacement.RoundRobin, 0, 1),
                2 => Ranks(1 + tape.Below(3), 1 + tape.Below(3), ExpertPlacement.Linear, 0, 1 + tape.Below(2)),
                _ => Ranks(model.Tensor, 1 + tape.Below(4), ExpertPlacement.RoundRobin, 0, 1),
            };

            // On other processes, on the same, or on some of the same.
            var shift = tape.Below(3) switch { 0 => own.Length, 1 => 0, _ => 1 };
            (_sources, _targets) = tape.Chance(50) ? (own, Moved(others, shift)) : (Moved(others, shift), own);
            IsOtherClass = tape.Chance(50);
            if (IsOtherClass) _map = Other();
            var (made, expected) = (new Dictionary<int, RandomRank>(), new Dictionary<int, RandomRank>());
            try
            {
                foreach (var rank in _sources) made.Add(rank.Process, new RandomRank(model, rank.Topology).Loaded(weights));
                foreach (var rank in _targets) expected.Add(rank.Process, new RandomRank(model, rank.Topology, _map).Loaded(weights));
            }
            catch (ArgumentException)
            {
                return false;
            }
            var plan = TransferPlan.Between(new TransferSide(topology => new RandomRank(model, topology), _sources), new TransferSide(topology => new RandomRank(model, topology, _map), _targets));
            Assert.Equal(4 * plan.Elements, plan.SentBytes + plan.LocalBytes);
            plan = Again(plan);
            (Sent, Local) = (plan.SentBytes, plan.LocalBytes);
            var targets = _targets.ToDictionary(rank => rank.Process, rank => new RandomRank(model, rank.Topology, _map));
            var sessions = targets.ToDictionary(target => target.Key, target => ((IParameterModule)target.Value).BeginRefit(tape.Chance(50) ? RefitMode.Staged : RefitMode.InPlace));
            if (tape.Chance(50))
            {
                plan.Run(made.ToDictionary(source => source.Key, IParameterModule (source) => source.Value), sessions);
            }
            else
            {
                var failures = LoopChannel.Run(_sources.Concat(_targets).Select(rank => rank.Process), (process, channel) => plan.Run(process, channel, made.GetValueOrDefault(process), sessions.GetValueOrDefault(process)));
                Assert.All(failures.Values, Assert.Null);
            }
            foreach (var (process, session) in sessions)
            {
                using (session) session.Commit();
                foreach (var (left, right) in expected[process].Zip(targets[process]))
                {
                    Assert.Equal(left.Value.shape, right.Value.shape);
                    Assert.True(left.Value.bytes.SequenceEqual(right.Value.bytes), $"{left} differs on process {process}");
                }
            }
            return true;
        }

        private static ImmutableArray<TransferRank> Ranks(int tensors, int experts, ExpertPlacement placement, int first, int replicas) => TransferSide.RanksOf(tensors, experts, first: first, replicas: replicas, placement: placement);

        private static ImmutableArray<TransferRank> Moved(ImmutableArray<TransferRank> ranks, int by) => [.. ranks.Select(rank => rank with { Process = rank.Process + by })];

        private static TransferPlan Again(TransferPlan plan)
        {
            using var file = new MemoryStream();
            plan.Write(file);
            file.Position = 0;
            var read = TransferPlan.Read(file);
            Assert.Equal((plan.Digest, plan.SentBytes, plan.LocalBytes), (read.Digest, read.SentBytes, read.LocalBytes));
            return read;
        }

        /// <summary>Another class over the same tensors: other kernel layouts, and the other format first.</summary>
        private ModuleMap Other() => model.Map with
        {
            Parameters = [.. model.Map.Parameters.Select(entry => entry with { Kernel = entry.Kernel is null && tape.Chance(50) ? $"1 {entry.Pattern}" : tape.Chance(50) ? null : entry.Kernel, Sources = tape.Chance(50) ? [.. entry.Sources.OrderByDescending(source => source.Format, StringComparer.Ordinal)] : entry.Sources })],
        };
    }
}
