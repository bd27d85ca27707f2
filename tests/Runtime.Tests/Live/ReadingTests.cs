using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Live;

/// <summary>While a model is read, nothing changes its values.</summary>
public sealed class ReadingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TinyScene _scene = new();

    public ReadingTests() => _scene.Load(_scene.First);

    private TinyModel Model => _scene.Model;

    public void Dispose()
    {
        _scene.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public async Task A_commit_waits_for_every_reading()
    {
        using var refit = Staged();
        var (first, second) = (Model.Read(), Model.Read());
        var commit = Task.Run(refit.Commit);
        await Task.Delay(100);
        Assert.False(commit.IsCompleted);
        first.Dispose();
        await Task.Delay(50);
        Assert.False(commit.IsCompleted);
        Assert.Equal(first.Generation, Model.Parameters.Generation);
        second.Dispose();
        Assert.Equal(first.Generation + 1, (await commit).Generation);
    }

    [Fact]
    public async Task A_reading_of_a_part_keeps_a_commit_of_the_whole_waiting_and_the_other_way_round()
    {
        using (var refit = Staged())
        {
            var reading = Model.Layers[0].Read();
            var commit = Task.Run(refit.Commit);
            await Task.Delay(100);
            Assert.False(commit.IsCompleted);
            reading.Dispose();
            await commit;
        }
        using (var refit = Model.Layers[0].BeginRefit(scope: RefitScope.Subset))
        {
            var reading = Model.Read();
            var commit = Task.Run(refit.Commit);
            await Task.Delay(100);
            Assert.False(commit.IsCompleted);

            // Nobody else need wait for it.
            using (Model.Layers[1].Read())
            {
            }
            reading.Dispose();
            await commit;
        }
    }

    [Fact]
    public async Task No_new_reading_begins_before_a_commit_that_waits_but_one_within_another_does()
    {
        using var refit = Staged();
        var outer = Model.Read();
        var commit = Task.Run(refit.Commit);
        await Task.Delay(100);
        using (Model.Layers[0].Read())
        using (Model.Read())
        {
        }
        Task<long> other;
        using (ExecutionContext.SuppressFlow())
        {
            other = Task.Run(() =>
            {
                using var reading = Model.Read();
                return reading.Generation;
            });
        }
        await Task.Delay(100);
        Assert.False(other.IsCompleted);
        outer.Dispose();
        await commit;
        Assert.Equal(outer.Generation + 1, await other);
    }

    [Fact]
    public void A_commit_within_a_reading_of_its_own_is_refused_and_stays_prepared()
    {
        using var refit = Staged();
        using (Model.Read())
        {
            var error = Assert.Throws<ModelStateException>(() => refit.Commit());
            Assert.Contains("a reading that its own caller has opened", error.Message, StringComparison.Ordinal);
        }
        Assert.True(refit.Progress().IsPrepared);
        Assert.Equal(2, refit.Commit().Generation);
    }

    [Fact]
    public async Task Waiting_can_be_stopped_on_either_side()
    {
        using var refit = Staged();
        using var stop = new CancellationTokenSource();
        var reading = Model.Read();
        Task commit;
        using (ExecutionContext.SuppressFlow()) commit = Task.Run(() => refit.Commit(stop.Token));
        await Task.Delay(50);
        using var late = new CancellationTokenSource(50);
        Task read;
        using (ExecutionContext.SuppressFlow()) read = Task.Run(() => Model.Read(cancellationToken: late.Token).Dispose());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        using (Model.Read())
        {
        }
        reading.Dispose();
        Assert.Equal(ModelState.Loaded, Model.Parameters.State);
        Assert.Equal(2, refit.Commit().Generation);
    }

    [Fact]
    public void A_generation_that_is_gone_is_not_read()
    {
        var generation = Model.Parameters.Generation;
        using (Model.Read(generation))
        {
        }
        using (var refit = Staged()) refit.Commit();
        var error = Assert.Throws<StaleGenerationException>(() => Model.Read(generation));
        Assert.Equal((generation, generation + 1), (error.Asked, error.Found));
    }

    [Fact]
    public async Task A_reading_goes_on_over_awaits_and_may_end_elsewhere()
    {
        using var refit = Staged();
        var reading = Model.Read();
        await Task.Delay(10).ConfigureAwait(false);
        Task<LoadReport> commit;
        using (ExecutionContext.SuppressFlow()) commit = Task.Run(refit.Commit);
        await Task.Delay(50).ConfigureAwait(false);
        using (Model.Read())
        {
        }
        await Task.Run(reading.Dispose);
        await commit;
    }

    [Fact]
    public void A_refit_in_place_refuses_readings_until_it_ends()
    {
        using (var refit = Model.BeginRefit(RefitMode.InPlace))
        {
            Assert.Contains("in-place refit", Assert.Throws<ModelStateException>(() => Model.Read()).Message, StringComparison.Ordinal);
            refit.Write(_scene.Second);
            refit.Commit();
        }
        Model.Read().Dispose();
    }

    [Fact]
    public void Conversions_and_new_places_wait_too_and_count()
    {
        var generation = Model.Parameters.Generation;
        using (Model.Read()) Assert.Throws<ModelStateException>(() => Model.to(ScalarType.BFloat16));
        Model.to(ScalarType.BFloat16);
        Assert.Equal(generation + 1, Model.Parameters.Generation);
        Model.to(ScalarType.BFloat16);
        Assert.Equal(generation + 1, Model.Parameters.Generation);
    }

    [Fact]
    public async Task Many_passes_beside_many_commits_are_each_of_one_version()
    {
        var (passes, mixed, stop) = (0, 0, false);
        var input = ones(3, _scene.Sizes.Hidden);
        var first = Model.Run(input).detach();
        _scene.Refit(_scene.Second);
        var second = Model.Run(input).detach();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                var output = Model.Run(input);
                if (!output.Equals(first) && !output.Equals(second)) Interlocked.Increment(ref mixed);
                Interlocked.Increment(ref passes);
            }
        })).ToList();
        for (var i = 0; i < 100; i++)
        {
            using var refit = Model.BeginRefit();
            refit.Write(i % 2 == 0 ? _scene.First : _scene.Second);
            refit.Commit();
        }
        Volatile.Write(ref stop, true);
        await Task.WhenAll(readers);
        Assert.Equal(0, mixed);
        Assert.True(passes > 10, $"{passes} passes");
    }

    [Fact]
    public void Without_a_reading_a_parameter_that_is_read_while_values_are_moved_throws()
    {
        using var model = new Wide(1 << 24);
        using var values = ones(1 << 24);
        using (var refit = model.BeginRefit())
        {
            refit.Write("weight", values);
            refit.Commit();
        }
        var (seen, stop) = (new List<string>(), false);
        var reader = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                try
                {
                    _ = model.Weight;
                }
                catch (ModelStateException e)
                {
                    seen.Add(e.Message);
                }
            }
        });
        reader.Start();
        for (var i = 0; i < 200 && seen.Count == 0; i++)
        {
            using var refit = model.BeginRefit();
            refit.Write("weight", values);
            refit.Prepare();
            Assert.Equal(ModelState.Loaded, model.Parameters.State);
            refit.Commit();
        }
        Volatile.Write(ref stop, true);
        reader.Join();
        Assert.Contains("a staged refit is under way", seen[0], StringComparison.Ordinal);
        Assert.Equal(ModelState.Loaded, model.Parameters.State);
    }

    [Fact]
    public void One_that_was_forgotten_ends_with_its_object()
    {
        using var refit = Staged();
        Forget();
        Assert.Equal(2, refit.Commit().Generation);

        // By itself, or it would be kept by the frame.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void Forget()
        {
            var thread = new Thread(() => Model.Read());
            thread.Start();
            thread.Join();
        }
    }

    private RefitSession Staged()
    {
        var refit = Model.BeginRefit();
        refit.Write(_scene.Second);
        refit.Prepare();
        return refit;
    }
}
