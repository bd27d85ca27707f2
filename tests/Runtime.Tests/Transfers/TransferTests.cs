using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Transfers;

/// <summary>A trainer whose projections are apart, and an engine that has them in one: what is refused, who sends what, and what becomes of a failure.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly IDisposable _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_split_trainer_fills_a_fused_engine_on_other_ranks()
    {
        var (sources, targets) = (TransferSide.RanksOf(2), TransferSide.RanksOf(4, first: 10));
        var trainers = sources.ToDictionary(rank => rank.Process, IParameterModule (rank) => Loaded(new TransferTrainer(rank.Topology)));
        var engines = targets.ToDictionary(rank => rank.Process, rank => new TransferEngine(rank.Topology, ScalarType.Float32));
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), sources), new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), targets));
        Assert.Equal(2, plan.Parameters);
        Assert.Equal(0, plan.LocalBytes);

        // Each element of the weight once, the norm to each of four.
        Assert.Equal((16 * 6 * 4) + (4 * 6 * 4), plan.SentBytes);
        var sessions = engines.ToDictionary(engine => engine.Key, engine => engine.Value.BeginRefit());
        plan.Run(trainers, sessions);
        foreach (var (process, session) in sessions)
        {
            using (session) session.Commit();
            using var whole = new TransferEngine(targets.First(rank => rank.Process == process).Topology, ScalarType.Float32);
            Write(whole);
            Assert.Equal(whole.GateUp.bytes.ToArray(), engines[process].GateUp.bytes.ToArray());
            Assert.Equal(whole.Norm.bytes.ToArray(), engines[process].Norm.bytes.ToArray());
        }
    }

    [Fact]
    public void A_model_that_stores_alike_what_checkpoints_call_otherwise_is_refused()
    {
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1)), new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), TransferSide.RanksOf(1, first: 1)));
        using var target = new TransferUpFirst();
        using var session = target.BeginRefit();
        var error = Assert.Throws<TransferException>(() => plan.Run(new Dictionary<int, IParameterModule> { [0] = Loaded(new TransferTrainer(Topology.Single)) }, new Dictionary<int, RefitSession> { [1] = session }));
        Assert.Contains("gate_up", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("norm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_share_the_work()
    {
        var side = new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(2, replicas: 4));
        var plan = TransferPlan.Between(side, new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), TransferSide.RanksOf(1, first: 100, replicas: 3)));
        var sent = plan.Messages().GroupBy(message => message.Key.Source).Select(source => source.Sum(message => message.Value)).ToList();
        Assert.Equal(8, sent.Count);
        Assert.InRange(sent.Max(), 0, 1.5 * sent.Average());
    }

    [Fact]
    public void A_rank_that_lacks_is_named_with_tensor_and_range()
    {
        var error = Assert.Throws<TransferException>(() => TransferPlan.Between(
            new TransferSide(topology => new TransferTrainer(topology), [new TransferRank(0, new Topology(0, 2))]),
            new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), [new TransferRank(5, Topology.Single)])));
        Assert.Contains("missing:        gate.weight: 24 elements of [8, 6], [4, 0] to [7, 5], are needed by process 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("up.weight", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("norm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounding_is_asked_for()
    {
        TransferSide from = new(topology => new TransferTrainer(topology), TransferSide.RanksOf(1)), to = new(topology => new TransferEngine(topology, ScalarType.BFloat16), TransferSide.RanksOf(1, first: 1));
        var error = Assert.Throws<TransferException>(() => TransferPlan.Between(from, to));
        Assert.Contains("wrong type:     gate_up: expected BF16, or what loses nothing in it, found F32", error.Message, StringComparison.Ordinal);
        var plan = TransferPlan.Between(from, to, new LoadOptions { AllowNarrowing = true });

        // Rounded by the sender, since fewer bytes go then.
        Assert.Equal(((16 * 6) + 6) * 2, plan.SentBytes);
        var (trainer, engine) = (Loaded(new TransferTrainer(Topology.Single)), new TransferEngine(Topology.Single, ScalarType.BFloat16));
        LoopChannel.Run([0, 1], (process, channel) =>
        {
            using var session = process == 1 ? engine.BeginRefit() : null;
            plan.Run(process, channel, process == 0 ? trainer : null, session);
            session?.Commit();
        }).Values.ToList().ForEach(Assert.Null);
        Assert.Equal(trainer.Norm.to_type(ScalarType.BFloat16).bytes.ToArray(), engine.Norm.bytes.ToArray());

        // And the way back widens, which nobody has to ask for.
        var back = TransferPlan.Between(new TransferSide(engine, to.Ranks), new TransferSide(trainer, from.Ranks));
        using var widened = trainer.BeginRefit();
        back.Run(new Dictionary<int, IParameterModule> { [1] = engine }, new Dictionary<int, RefitSession> { [0] = widened });
        widened.Commit();
        Assert.Equal(engine.Norm.to_type(ScalarType.Float32).bytes.ToArray(), trainer.Norm.bytes.ToArray());
    }

    [Fact]
    public void A_process_that_fails_is_named_by_all_that_wait_for_it_and_nobody_has_changed()
    {
        var (sources, targets) = (TransferSide.RanksOf(2), TransferSide.RanksOf(2, first: 2));
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), sources), new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), targets));

        // Its model was never loaded.
        var trainers = new Dictionary<int, TransferTrainer> { [0] = Loaded(new TransferTrainer(new Topology(0, 2))), [1] = new(new Topology(1, 2)) };
        var engines = targets.ToDictionary(rank => rank.Process, rank => Engine(rank.Topology));
        var before = engines.ToDictionary(engine => engine.Key, engine => engine.Value.GateUp.bytes.ToArray());
        var failures = LoopChannel.Run([0, 1, 2, 3], (process, channel) =>
        {
            using var session = engines.TryGetValue(process, out var engine) ? engine.BeginRefit() : null;
            try
            {
                plan.Run(process, channel, trainers.GetValueOrDefault(process), session);
            }
            finally
            {
                if (session is not null && process == 3) Assert.Throws<ModelStateException>(() => session.Commit());
            }
        });
        Assert.Null(failures[0]);
        Assert.Contains("it was never loaded", Assert.IsType<TransferException>(failures[1]).Message, StringComparison.Ordinal);
        var heard = Assert.IsType<TransferException>(failures[3]);
        Assert.Contains("process 1: ", heard.Message, StringComparison.Ordinal);
        Assert.Contains("it was never loaded", heard.Message, StringComparison.Ordinal);
        Assert.Equal(before[3], engines[3].GateUp.bytes.ToArray());
    }

    [Fact]
    public void Another_plan_is_refused_by_whoever_gets_its_bytes()
    {
        var side = new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1));
        var plan = TransferPlan.Between(side, new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1, first: 1)));
        var other = TransferPlan.Between(side, new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1, first: 1, replicas: 2)));
        var failures = LoopChannel.Run([0, 1], (process, channel) =>
        {
            if (process == 0) plan.Run(0, channel, Loaded(new TransferTrainer(Topology.Single)), null);
            using var target = new TransferTrainer(Topology.Single);
            using var session = target.BeginRefit();
            if (process == 1) other.Run(1, channel, null, session);
        });
        Assert.Contains("of another plan", Assert.IsType<TransferException>(failures[1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_the_plan_is_not_for_is_refused_before_anything_is_written()
    {
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1)), new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), TransferSide.RanksOf(2, first: 1)));
        var sources = new Dictionary<int, IParameterModule> { [0] = Loaded(new TransferTrainer(Topology.Single)) };
        using var wrong = Engine(new Topology(1, 2));
        using var session = wrong.BeginRefit();
        var error = Assert.Throws<TransferException>(() => plan.Run(sources, new Dictionary<int, RefitSession> { [1] = session }));
        Assert.Contains("wrong model:    gate_up: expected \"(proj intermediate) hidden\" F32 [8, 6] with proj all of 2; intermediate 0..3 of 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("intermediate 4..7 of 8", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => plan.Run(new Dictionary<int, IParameterModule>(), new Dictionary<int, RefitSession> { [1] = session }));
    }

    [Theory]
    [InlineData("\"digest\":\"", "\"digest\":\"0", "digest")]
    [InlineData("lanyard-transfer-plan", "lanyard-transfer", "no transfer plan")]
    [InlineData("\"runs\":[[0,1,0,[", "\"runs\":[[0,1,0,[9", "does not lie within")]
    [InlineData("\"runs\":[[0,1,0,[", "\"runs\":[[0,1,7,[", "no source 7")]
    [InlineData("{\"format\"", "[{\"format\"", "cannot be read")]
    public void A_changed_file_is_refused(string from, string to, string reason)
    {
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1)), new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), TransferSide.RanksOf(1, first: 1)));
        using var file = new MemoryStream();
        plan.Write(file);
        var text = Encoding.UTF8.GetString(file.ToArray());
        Assert.Contains(from, text, StringComparison.Ordinal);
        using var changed = new MemoryStream(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => TransferPlan.Read(changed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sources_of_two_versions_are_refused(bool withinOneProcess)
    {
        var (from, to) = (TransferSide.RanksOf(2), TransferSide.RanksOf(1, first: 2));
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), from), new TransferSide(topology => new TransferEngine(topology, ScalarType.Float32), to));
        var trainers = from.ToDictionary(rank => rank.Process, IParameterModule (rank) => new TransferTrainer(rank.Topology));
        foreach (var (process, trainer) in trainers) Write(trainer, process == 0 ? "step 1" : "step 2");
        using var engine = new TransferEngine(Topology.Single, ScalarType.Float32);
        using var session = engine.BeginRefit();
        var error = withinOneProcess
            ? Record.Exception(() => plan.Run(trainers, new Dictionary<int, RefitSession> { [2] = session }))
            : LoopChannel.Run([0, 1, 2], (process, channel) => plan.Run(process, channel, trainers.GetValueOrDefault(process), process == 2 ? session : null))[2];
        Assert.Contains("version", Assert.IsType<TransferException>(error).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<LanyardException>(() => session.Commit());

        // One version, and one that nobody named, are no contradiction.
        Write(trainers[1], "step 1");
        using var again = new TransferEngine(Topology.Single, ScalarType.Float32);
        using var other = again.BeginRefit();
        LoopChannel.Run([0, 1, 2], (process, channel) => plan.Run(process, channel, trainers.GetValueOrDefault(process), process == 2 ? other : null)).Values.ToList().ForEach(Assert.Null);
        other.Commit();
    }

    [Fact]
    public void What_was_received_does_not_go_into_another_model_than_that_in_which_the_rest_stayed()
    {
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(2)), new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1)));
        var halves = new[] { Loaded(new TransferTrainer(new Topology(0, 2))), Loaded(new TransferTrainer(new Topology(1, 2))) };
        using var whole = Loaded(new TransferTrainer(Topology.Single));
        LoopChannel.Run([0, 1], (process, channel) =>
        {
            using var received = plan.Receive(process, channel, halves[process]);
            if (process == 1) return;
            using var refit = whole.BeginRefit(RefitMode.InPlace, RefitScope.Subset);
            Assert.Contains("a session of another", Assert.Throws<ModelStateException>(() => received.WriteTo(refit)).Message, StringComparison.Ordinal);
        }).Values.ToList().ForEach(Assert.Null);
    }

    [Fact]
    public void Numbers_of_a_file_do_not_overflow()
    {
        const long large = (1L << 62) + 1;
        var loops = string.Join(',', Enumerable.Repeat(large, 9));
        var plan = TransferPlan.Between(new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1)), new TransferSide(topology => new TransferTrainer(topology), TransferSide.RanksOf(1, first: 1)));
        using var file = new MemoryStream();
        plan.Write(file);
        var text = Encoding.UTF8.GetString(file.ToArray());
        const string first = "\"runs\":[[0,1,0,[48],0,[1],0,[1]]]";
        Assert.Contains(first, text, StringComparison.Ordinal);
        foreach (var (from, to, reason) in new[] { (first, $"\"runs\":[[0,1,0,[{loops}],0,[{loops}],0,[{loops}]]]", "does not lie within"), ("\"F32\"", "\"F4\"", "cannot be read") })
        {
            using var changed = new MemoryStream(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
            Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => TransferPlan.Read(changed)).Message, StringComparison.Ordinal);
        }
    }

    private static TransferTrainer Loaded(TransferTrainer trainer)
    {
        Write(trainer);
        return trainer;
    }

    private static TransferEngine Engine(Topology topology)
    {
        var engine = new TransferEngine(topology, ScalarType.Float32);
        Write(engine);
        return engine;
    }

    private static void Write(IParameterModule model, string? version = null)
    {
        using var refit = model.BeginRefit(options: new LoadOptions { Version = version });
        refit.Write("gate.weight", arange(48, ScalarType.Float32).view(8, 6));
        refit.Write("up.weight", arange(100, 148, ScalarType.Float32).view(8, 6));
        refit.Write("norm.weight", linspace(0, 1, 6, ScalarType.Float32));
        refit.Commit();
    }
}
