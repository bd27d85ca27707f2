using Lanyard.Tests.Losing;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;


namespace Lanyard.Tests.Live;

/// <summary>Sessions, readings and models that end beside each other, in whatever order.</summary>
public sealed class SessionEndsTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public SessionEndsTests() => _scene.Load(_scene.First);

    private TinyModel Model => _scene.Model;

    public void Dispose() => _scene.Dispose();

    private static Task<T> Apart<T>(Func<T> f)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Factory.StartNew(f, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static Task<bool> Apart(Action f) => Apart(() => { f(); return true; });

    private static bool Ends(Task task, int ms) => Task.WhenAny(task, Task.Delay(ms)).Result == task;

    /// <summary>A reading that some other flow has.</summary>
    private static ModelReading Other(IParameterModule model) => Apart(() => model.Read()).Result;

    private RefitSession Prepared()
    {
        var refit = Model.BeginRefit();
        refit.Write(_scene.Second);
        refit.Prepare();
        return refit;
    }

    [Fact]
    public void End_while_in_place_waits()
    {
        var reading = Other(Model);
        var begin = Apart(() => Model.BeginRefit(RefitMode.InPlace));
        Thread.Sleep(200);
        var session = Assert.Single(Model.Status().Sessions);
        var end = Apart(() => session.End("gone"));
        Ends(end, 500);
        var what = end.IsFaulted ? end.Exception!.InnerException!.GetType().Name : end.IsCompleted ? "ended" : "waits";
        reading.Dispose();
        Ends(begin, 2000);
        var refit = begin.IsCompletedSuccessfully ? begin.Result : null;
        refit?.Dispose();
        Ends(end, 2000);
        Assert.Equal(("Loaded", 0, "True"), ($"{Model.Status().State}", Model.Status().Sessions.Length, $"{end.IsCompletedSuccessfully} {what}".Split(' ')[0]));
    }

    [Fact]
    public void Expires_and_progress_while_in_place_waits()
    {
        var reading = Other(Model);
        var begin = Apart(() => Model.BeginRefit(RefitMode.InPlace));
        Thread.Sleep(200);
        var session = Assert.Single(Model.Status().Sessions);
        _ = session.Progress();
        _ = session.Expires;
        reading.Dispose();
    }

    [Fact]
    public void Model_dispose_while_in_place_waits()
    {
        var reading = Other(Model);
        var begin = Apart(() => Model.BeginRefit(RefitMode.InPlace));
        Thread.Sleep(200);
        var end = Apart(() => Model.Dispose());
        Ends(end, 300);
        reading.Dispose();
        Assert.True(Ends(end, 3000), "hangs");
        Assert.Null(end.Exception);
    }

    [Fact]
    public void Dispose_in_own_reading_while_a_commit_waits()
    {
        var refit = Prepared();
        var both = Apart(() =>
        {
            using var reading = Model.Read();
            var commit = Apart(() => refit.Commit());
            Thread.Sleep(200);
            Model.Dispose();
        });
        Assert.True(Ends(both, 5000), "model.Dispose() hangs");
    }

    [Fact]
    public void Second_dispose_waits_too()
    {
        var reading = Other(Model);
        var norm = Model.Norm;
        var first = Apart(() => Model.Dispose());
        Thread.Sleep(200);
        Assert.False(first.IsCompleted);
        var second = Apart(() => Model.Dispose());
        Thread.Sleep(300);
        Assert.False(norm.IsInvalid, "freed under a reading");
        reading.Dispose();
        Assert.True(Ends(first, 10000));
        Assert.True(Ends(second, 10000));
    }

    [Fact]
    public void Two_threads_that_dispose_of_one_model_free_it_once()
    {
        for (var i = 0; i < 50; i++)
        {
            using var scene = new TinyScene();
            scene.Load(scene.First);
            var reading = Other(scene.Model);
            Task<bool>[] ends = [.. Enumerable.Range(0, 3).Select(_ => Apart(scene.Model.Dispose))];
            Thread.Sleep(5);
            reading.Dispose();
            Assert.All(ends, end => Assert.True(Ends(end, 10000)));
        }
    }

    [Fact]
    public void A_part_disposed_under_a_reading_of_the_root()
    {
        var reading = Other(Model);
        var weight = Model.Layers[0].FeedForward.W2Weight;
        var first = Apart(() => Model.Layers[0].Dispose());
        Thread.Sleep(300);
        Assert.False(weight.IsInvalid, "freed under a reading of the root");
        reading.Dispose();
    }

    [Fact]
    public void A_disposed_part_then_the_root()
    {
        var reading = Other(Model.Layers[0]);
        var weight = Model.Layers[0].FeedForward.W2Weight;
        var first = Apart(() => Model.Layers[0].Dispose());
        Thread.Sleep(300);
        Assert.False(weight.IsInvalid);
        var second = Apart(() => Model.Dispose());
        Thread.Sleep(300);
        Assert.False(weight.IsInvalid, "freed under a reading");
        reading.Dispose();
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_bad_lease_leaves_the_model(RefitMode mode)
    {
        Assert.Throws<ArgumentException>(() => Model.BeginRefit(mode, options: new LoadOptions { Lease = TimeSpan.Zero }));
        Assert.Equal(ModelState.Loaded, Model.Status().State);
        _ = Model.Norm;
    }

    [Fact]
    public void Disposed_by_another_while_a_commit_waits_that_is_stopped()
    {
        var refit = Prepared();
        var reading = Other(Model);
        using var stop = new CancellationTokenSource();
        var commit = Apart(() => refit.Commit(stop.Token));
        Thread.Sleep(200);
        refit.Dispose();
        stop.Cancel();
        Ends(commit, 2000);
        reading.Dispose();
        Assert.Empty(Model.Status().Sessions);
    }

    [Fact]
    public void Static_fields_go_back()
    {
        using var stats = new Stats();
        WriteStats(stats, 1).Commit();
        Assert.Equal(3f, Stat.Last);
        stats.Three.Fails = true;
        using (var refit = WriteStats(stats, 10)) Assert.Throws<InvalidOperationException>(() => refit.Prepare());
        Assert.Equal(3f, Stat.Last);
    }

    [Fact]
    public void Nobody_who_reads_once_sees_the_fields_of_a_post_load_that_failed()
    {
        var torn = 0;
        using var stats = new Stats();
        WriteStats(stats, 1).Commit();
        stats.Three.Fails = true;
        for (var i = 0; i < 200; i++)
        {
            using var go = new ManualResetEventSlim();
            var reader = Apart(() =>
            {
                go.Wait();
                while (true)
                {
                    using var reading = stats.Read();

                    // Not ToSingle: a collection meanwhile would free the element under it.
                    var (a, last) = ((float)stats.Three.A[0].ReadDouble(), Stat.Last);
                    if (a != last) return (a, last);
                    if (!stats.IsUpdating()) return (0, 0);
                }
            });
            using (var refit = WriteStats(stats, 10))
            {
                go.Set();
                Thread.Sleep(1);
                Assert.Throws<InvalidOperationException>(() => refit.Prepare());
            }
            if (reader.Result != (0, 0)) torn++;
        }
        Assert.Equal(0, torn);
    }

    [Fact]
    public void Nobody_sees_the_fields_of_a_post_load_that_failed()
    {
        var torn = 0;
        using var module = new Scaled();
        Write(module, 1).Commit();
        module.Fails = true;
        for (var i = 0; i < 300; i++)
        {
            var stop = false;
            var reader = Apart(() =>
            {
                while (!Volatile.Read(ref stop))
                {
                    using var reading = module.Read();
                    var (a, scale) = ((float)module.A[0].ReadDouble(), module.Scale);
                    if (a != scale) return true;
                }
                return false;
            });
            using (var refit = Write(module, 10))
            {
                Thread.Sleep(1);
                try { refit.Prepare(); } catch (InvalidOperationException) { }
            }
            stop = true;
            if (reader.Result) torn++;
        }
        Assert.Equal(0, torn);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Staged_checksums_are_the_later_ones(bool patch)
    {
        using var refit = Model.BeginRefit(scope: RefitScope.Subset);
        refit.Write("layers.0.mlp.experts.down_proj", _scene.Second["layers.0.mlp.experts.down_proj"]);
        if (patch)
        {
            refit.Patch("layers.0.mlp.experts.gate_up_proj", torch.tensor(new long[] { 1 }), torch.tensor(new[] { 4f }));
            refit.Patch("layers.1.self_attn.q_proj.weight", torch.tensor(new long[] { 3 }), torch.tensor(new[] { 5f }));
            refit.Patch("norm.weight", torch.tensor(new long[] { 2 }), torch.tensor(new[] { 6f }));
        }
        try { refit.Prepare(); }
        catch (LoadException e) { Assert.Fail(e.Message); }
        var before = Model.Checksums;
        var staged = refit.Checksums();
        var again = refit.Checksums();
        Assert.Equal(staged.Slots.Select(s => (s.Parameter, s.Hash)), again.Slots.Select(s => (s.Parameter, s.Hash)));
        refit.Commit();
        Assert.Equal(Model.Checksums().Slots.Select(s => (s.Parameter, s.Hash, s.Reason)), staged.Slots.Select(s => (s.Parameter, s.Hash, s.Reason)));
        Assert.Equal(Model.Checksums().Generation, staged.Generation);
    }

    [Fact]
    public void Progress_beside_writes()
    {
        for (var i = 0; i < 30; i++)
        {
            using var refit = Model.BeginRefit();
            var stop = false;
            var watch = Apart(() => { while (!Volatile.Read(ref stop)) { foreach (var s in Model.Status().Sessions) { _ = s.Progress(); _ = s.ToString(); } } });
            Parallel.ForEach(_scene.Second, pair => refit.Write(pair.Key, pair.Value));
            refit.Prepare();
            refit.Commit();
            stop = true;
            watch.Wait();
        }
    }

    [Fact]
    public void Status_beside_begins_and_ends()
    {
        var stop = false;
        var watch = Apart(() => { while (!Volatile.Read(ref stop)) { foreach (var s in Model.Status().Sessions) { _ = s.Progress(); _ = s.Expires; } } });
        try
        {
            for (var i = 0; i < 500 && !watch.IsCompleted; i++) Model.BeginRefit(i % 2 == 0 ? RefitMode.Staged : RefitMode.InPlace, options: new LoadOptions { Lease = TimeSpan.FromMinutes(1) }).Dispose();
        }
        finally
        {
            stop = true;
        }
        watch.Wait();
    }

    [Fact]
    public void A_first_load_by_a_staged_session()
    {
        using var model = new TinyModel(_scene.Sizes);
        using (var refit = model.BeginRefit())
        {
            refit.Write(_scene.Second);
            refit.Prepare();
            Assert.Throws<ModelStateException>(() => model.Norm);
            var sums = refit.Checksums();
            Assert.True(sums.Compare(WeightChecksums.Of(_scene.Second.Select(pair => (pair.Key, pair.Value)), sums)).IsProof);
        }
        Assert.Equal(ModelState.Building, model.Parameters.State);
        using (var refit = model.BeginRefit())
        {
            refit.Write(_scene.Second);
            refit.Prepare();
            refit.Commit();
        }
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits(model));
    }

    [Fact]
    public void A_lease_and_a_commit_and_an_expiry()
    {
        using (var refit = Model.BeginRefit(options: new LoadOptions { Lease = TimeSpan.FromSeconds(10) }))
        {
            refit.Write(_scene.Second);
            refit.Commit();
        }
        using (var refit = Model.BeginRefit(options: new LoadOptions { Lease = TimeSpan.FromSeconds(0.3) }))
        {
            refit.Write(_scene.First);
            refit.Prepare();
            Thread.Sleep(800);
            Assert.Contains("lease", Assert.Throws<ModelStateException>(() => refit.Commit()).Message);
        }
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
        using (var refit = Model.BeginRefit(options: new LoadOptions { Lease = TimeSpan.FromSeconds(0.3) }))
        {
            var reading = Other(Model);
            refit.Write(_scene.First);
            var commit = Apart(() => refit.Commit());
            Thread.Sleep(1000);
            reading.Dispose();
            commit.Wait();
        }
        Assert.Equal(_scene.BitsOf(_scene.First), _scene.Bits());
    }

    [Fact]
    public void A_part_that_is_converted_moves_the_root()
    {
        var generation = Model.Parameters.Generation;
        Model.Layers[1].to(ScalarType.Float64);
        Assert.Equal(generation + 1, Model.Parameters.Generation);
    }

    [Fact]
    public void Status_of_a_model_that_is_disposed_meanwhile()
    {
        for (var i = 0; i < 50; i++)
        {
            var scene = new TinyScene();
            scene.Load(scene.First);
            var stop = false;
            var watch = Apart(() => { while (!Volatile.Read(ref stop)) _ = $"{scene.Model.Status()}"; });
            Thread.Sleep(2);
            scene.Model.Dispose();
            Thread.Sleep(1);
            stop = true;
            watch.Wait();
        }
    }

    [Fact]
    public void Checksums_beside_a_disposal()
    {
        for (var i = 0; i < 100; i++)
        {
            var scene = new TinyScene();
            scene.Load(scene.First);
            var sums = Apart(() => { while (true) _ = scene.Model.Checksums(); });
            Thread.Sleep(i % 3);
            scene.Model.Dispose();
            Assert.True(Ends(sums, 5000));
            Assert.IsType<ObjectDisposedException>(sums.Exception!.InnerException);
        }
    }

    [Fact]
    public void Memory_of_sessions_that_fail_in_every_step_is_freed()
    {
        using var stats = new Stats();
        WriteStats(stats, 1).Commit();
        GC.Collect(); GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 20; i++)
        {
            stats.Three.Fails = true;
            using (var refit = WriteStats(stats, 2)) { try { refit.Prepare(); } catch (InvalidOperationException) { } }
            stats.Three.Fails = false;
            using (var refit = WriteStats(stats, 2)) { refit.Prepare(); refit.Checksums(); }
            using (var refit = WriteStats(stats, 2)) { refit.Prepare(); refit.Checksums(); refit.Commit(); }
            using (var refit = stats.BeginRefit(RefitMode.InPlace)) { refit.Write("one.a", full(4, 5f)); }
            using (var refit = WriteStats(stats, 3)) { refit.Commit(); }
        }
        Assert.Equal(ModelState.Loaded, stats.Status().State);
    }

    private static RefitSession Write(Scaled module, float value)
    {
        var refit = module.BeginRefit();
        refit.Write("a", full(4, value));
        refit.Write("b", full(4, value));
        return refit;
    }

    private static RefitSession WriteStats(Stats stats, float value)
    {
        var refit = stats.BeginRefit();
        var names = stats.Parameters.ToString();
        refit.Write("one.a", full(4, value));
        refit.Write("two.a", full(4, value + 1));
        refit.Write("three.a", full(4, value + 2));
        return refit;
    }

    [Fact]
    public void A_worker_that_is_within_a_reading_of_another_does_not_wait_for_a_commit_that_does()
    {
        using var refit = Prepared();
        var reading = Other(Model);
        var commit = Apart(refit.Commit);
        Thread.Sleep(200);
        var worker = Apart(() =>
        {
            using var entered = reading.Enter();
            using var pass = Model.Read();
            return pass.Generation;
        });
        Assert.True(Ends(worker, 5000));
        Assert.Equal(reading.Generation, worker.Result);
        reading.Dispose();
        Assert.True(Ends(commit, 5000));
        Assert.Throws<InvalidOperationException>(reading.Enter);
    }

    [Fact]
    public void What_waits_for_readers_because_of_fields_can_be_stopped_and_goes_on_then()
    {
        using var module = new Scaled();
        Write(module, 1).Commit();
        using var refit = Write(module, 2);
        var reading = Other(module);
        using (var stop = new CancellationTokenSource(200)) Assert.ThrowsAny<OperationCanceledException>(() => refit.Prepare(stop.Token));
        using (var stop = new CancellationTokenSource(200)) Assert.ThrowsAny<OperationCanceledException>(() => refit.Commit(stop.Token));
        reading.Dispose();
        using (module.Read()) Assert.Throws<ModelStateException>(() => refit.Commit());
        refit.Commit();
        Assert.Equal((2f, 2f), (module.Scale, module.A[0].ToSingle()));

        static RefitSession Write(Scaled module, float value)
        {
            var refit = module.BeginRefit();
            refit.Write("a", full(4, value));
            refit.Write("b", full(4, value));
            return refit;
        }
    }

    [Fact]
    public void A_conversion_that_waited_while_a_session_began_changes_nothing()
    {
        var reading = Other(Model);
        var convert = Apart(() => Model.to(ScalarType.Float64));
        Thread.Sleep(200);
        using (var refit = Model.Layers[1].BeginRefit())
        {
            reading.Dispose();
            Ends(convert, 5000);
            Assert.IsType<ModelStateException>(convert.Exception!.InnerException);
        }
        Assert.All(Model.AllParameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.Parameter.Value.dtype));
        Model.to(ScalarType.Float64);
        Assert.All(Model.AllParameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.Parameter.Value.dtype));
    }

    [Fact]
    public void Who_is_told_of_progress_may_end_the_session_but_not_the_model()
    {
        using var checkpoint = _scene.Stored(_scene.Second);
        using var refit = Model.BeginRefit();
        var ended = Apart(() => refit.Write(checkpoint, new Told(() =>
        {
            Assert.Throws<ModelStateException>(Model.Dispose);
            Model.Sessions().SingleOrDefault()?.End("enough");
        })));
        Assert.True(Ends(ended, 10000));
        Assert.Throws<ModelStateException>(() => refit.Commit());
        Assert.Empty(Model.Sessions());
        Assert.Equal(ModelState.Loaded, Model.Parameters.State);
    }

    [Fact]
    public void A_lease_of_a_tick()
    {
        using var module = new Scaled();
        for (var i = 0; i < 3000; i++)
        {
            var refit = module.BeginRefit(options: new LoadOptions { Lease = TimeSpan.FromTicks(1) });
            refit.Dispose();
        }
    }

    private sealed class Told(Action action) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => action();
    }
}
