using System.Diagnostics;
using Lanyard.Tests.Models;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Sessions that end, however they end, leave the model in a state that is true.</summary>
public sealed class SessionEndTests : IDisposable
{
    // Of this thread alone: other tests load and refit meanwhile.
    [ThreadStatic]
    private static bool fails;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TensorFiles _files = new();
    private readonly Turned _model = new();

    public SessionEndTests() => _files.Load(_model, Turned.Weights(0));

    public void Dispose()
    {
        _model.Dispose();
        _files.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_is_under_way_is_not_ended_by_another_thread(bool dispose)
    {
        using var refit = _model.BeginRefit();
        using var reached = new ManualResetEventSlim();
        using var ended = new ManualResetEventSlim();
        foreach (var (name, value) in Turned.Weights(10)) refit.Write(name, value);
        _model.Before = () =>
        {
            reached.Set();
            ended.Wait();
        };

        var commit = Task.Run(refit.Commit);
        reached.Wait();
        if (dispose) refit.Dispose();
        else Assert.Throws<ModelStateException>(() => refit.Commit());
        Assert.Throws<ModelStateException>(() => _model.BeginRefit());
        ended.Set();

        Assert.Equal(["Turn"], (await commit).PostLoads.AsEnumerable());
        Assert.Equal(ModelState.Loaded, _model.Parameters.State);
        Assert.True(_model.Weight.Equals(Turned.Weights(10)["weight"].t()));
        Assert.True(_model.Bias.Equals(Turned.Weights(10)["bias"]));
        _model.BeginRefit().Dispose();
    }

    [Fact]
    public void A_session_that_begins_as_another_ends_knows_the_state_before()
    {
        // Many modules, so that it takes long to look at all of them.
        using var model = new TinyModel(new TinySizes { Layers = 100 });
        _files.Load(model, TinyWeights.Fused(new TinySizes { Layers = 100 }, seed: 1));
        var end = DateTime.UtcNow.AddSeconds(3);
        Parallel.For(0, 3, _ =>
        {
            while (DateTime.UtcNow < end)
            {
                try
                {
                    model.BeginRefit(RefitMode.InPlace).Dispose();
                }
                catch (ModelStateException)
                {
                    // Another thread has it.
                }
            }
        });
        Assert.Equal(ModelState.Loaded, model.Parameters.State);
    }

    [Fact]
    public void A_staged_commit_that_fails_in_the_midst_of_the_move_tears_the_model()
    {
        // Of the two live values one cannot be written to, and the other is written before.
        using var model = new Turned();
        using (inference_mode())
        {
            var live = ones(3, 2);
            model.Made = _ => live;
            _files.Load(model, Turned.Weights(0));
        }
        model.Made = weight => weight * 1;

        using (var refit = model.BeginRefit())
        {
            foreach (var (name, value) in Turned.Weights(10)) refit.Write(name, value);
            Assert.ThrowsAny<Exception>(() => refit.Commit());
        }

        Assert.Equal(ModelState.Torn, model.Parameters.State);
        Assert.Throws<ModelStateException>(() => model.forward(ones(1, 2)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_post_load_replaced_is_freed_at_once_even_if_it_fails(bool twice)
    {
        var (shadow, made) = ((Tensor?)null, (Tensor?)null);
        _model.Before = () => shadow = _model.Parameters.Weight.Value;
        _model.Between = () => made = _model.Parameters.Weight.Value;
        _model.After = () => _ = twice ? 0 : throw new TimeoutException();
        using (var refit = _model.BeginRefit())
        {
            foreach (var (name, value) in Turned.Weights(10)) refit.Write(name, value);
            if (twice) refit.Commit();
            else Assert.Throws<TimeoutException>(() => refit.Commit());
        }
        Assert.True(shadow!.IsInvalid);
        Assert.True(made!.IsInvalid);
        Assert.True(_model.Weight.Equals(Turned.Weights(twice ? 10 : 0)["weight"].t()));
    }

    [Fact]
    public void In_place_no_other_thread_reads_while_post_load_does()
    {
        var (elsewhere, within) = ((Exception?)null, 0f);
        _model.Before = () =>
        {
            // Threads that the method starts are its own, others are not.
            Task.Run(() => within = _model.Weight[0, 0].item<float>()).Wait();
            var thread = new Thread(() => elsewhere = Record.Exception(() => _model.forward(ones(1, 2))));
            thread.UnsafeStart();
            thread.Join();
        };
        using var refit = _model.BeginRefit(RefitMode.InPlace);
        foreach (var (name, value) in Turned.Weights(10)) refit.Write(name, value);
        refit.Commit();
        Assert.Equal(10f, within);
        Assert.IsType<ModelStateException>(elsewhere);
    }

    [Fact]
    public void A_log_that_fails_does_not_make_a_committed_refit_look_like_a_failure()
    {
        var options = new LoadOptions { Logger = new FullLog() };
        using (var refit = _model.BeginRefit(options: options))
        {
            foreach (var (name, value) in Turned.Weights(10)) refit.Write(name, value);
            Assert.Equal(2, refit.Commit().Slots);
        }
        Assert.True(_model.Bias.Equals(Turned.Weights(10)["bias"]));
        _model.BeginRefit(options: options).Dispose();
    }

    [Fact]
    public void A_listener_that_fails_at_the_begin_leaves_the_model_to_the_next_session()
    {
        using (var listener = new ActivityListener { ShouldListenTo = source => source.Name == LanyardTelemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => fails ? throw new IOException("no room") : ActivitySamplingResult.None })
        {
            ActivitySource.AddActivityListener(listener);
            fails = true;
            Assert.Throws<IOException>(() => _model.BeginRefit());
            fails = false;
        }
        _model.BeginRefit().Dispose();
    }

    private sealed class FullLog : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new IOException("no room");
    }
}
