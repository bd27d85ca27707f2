using System.Diagnostics.Metrics;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Live;

/// <summary>Whoever watches a model sees how it is and what goes on with it.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TinyScene _scene = new();

    public StatusTests() => _scene.Load(_scene.First);

    private TinyModel Model => _scene.Model;

    public void Dispose()
    {
        _scene.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void A_root_with_a_torn_part_is_not_healthy()
    {
        Assert.True(Model.Status().IsReady);
        using (var refit = Model.Layers[1].FeedForward.BeginRefit(RefitMode.InPlace)) refit.Write("gate_up_proj", _scene.Second["layers.1.mlp.experts.gate_up_proj"]);
        Assert.Equal(ModelState.Loaded, Model.Parameters.State);
        var status = Model.Status();
        Assert.Equal((ModelState.Torn, false, "layers.1.mlp.experts"), (status.State, status.IsReady, Assert.Single(status.Modules)));
        Assert.Contains("An in-place update ended after 1 slots without completing", $"{status}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_was_never_loaded_says_so_and_one_by_hand_is_ready()
    {
        using var model = new TinyModel(new TinySizes());
        Assert.Equal((ModelState.Building, false), (model.Status().State, model.Status().IsReady));
        Assert.Contains("never loaded", model.Status().Reason, StringComparison.Ordinal);
        model.InitialisedByHand();
        Assert.True(model.Status().IsReady);
    }

    [Fact]
    public void A_session_is_seen_and_can_be_ended_for_its_trainer()
    {
        var before = _scene.Bits();
        using var refit = Model.BeginRefit(options: new LoadOptions { By = "trainer-3" });
        refit.Write("norm.weight", _scene.Second["norm.weight"]);
        Assert.True(Model.IsUpdating());
        Assert.True(Model.Layers[0].IsUpdating());
        var session = Assert.Single(Model.Sessions());
        Assert.Equal(("a staged refit", "trainer-3", true, 1), (session.Kind, session.By, session.IsUpdate, session.Progress()!.Tensors));
        Assert.NotEmpty(session.Progress()!.Missing);
        Assert.Contains("a staged refit by trainer-3 that began at", Assert.Throws<ModelStateException>(() => Model.BeginRefit()).Message, StringComparison.Ordinal);
        session.End("the trainer has gone");
        Assert.True(session.HasEnded);
        Assert.False(Model.IsUpdating());
        Assert.Contains("the trainer has gone", Assert.Throws<ModelStateException>(() => refit.Write("norm.weight", _scene.Second["norm.weight"])).Message, StringComparison.Ordinal);
        Assert.Contains("the trainer has gone", Assert.Throws<ModelStateException>(() => refit.Commit()).Message, StringComparison.Ordinal);
        Assert.Equal(before, _scene.Bits());
        Model.BeginRefit().Dispose();
    }

    [Fact]
    public void A_lease_ends_a_session_in_which_nothing_comes()
    {
        using var refit = Model.BeginRefit(options: new LoadOptions { Lease = TimeSpan.FromMilliseconds(300) });
        for (var i = 0; i < 4; i++)
        {
            Thread.Sleep(100);
            refit.Renew();
        }
        Assert.True(Model.IsUpdating());
        Assert.NotNull(Assert.Single(Model.Sessions()).Expires);
        Assert.True(SpinWait.SpinUntil(() => !Model.IsUpdating(), TimeSpan.FromSeconds(10)));
        Assert.Contains("nothing came for 0.3 s", Assert.Throws<ModelStateException>(() => refit.Write("norm.weight", _scene.Second["norm.weight"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Model.BeginRefit(options: new LoadOptions { Lease = TimeSpan.Zero }));
        Model.BeginRefit().Dispose();
    }

    [Fact]
    public void Readings_are_counted()
    {
        using (Model.Read())
        using (Model.Read())
        {
            Assert.Equal(2, Model.Status().Readings);
            Assert.NotNull(Model.Status().OldestReading);
        }
        Assert.Equal(0, Model.Status().Readings);
    }

    [Fact]
    public void Gauges_tell_state_generation_and_version()
    {
        using (var refit = Model.BeginRefit(options: new LoadOptions { Version = "gauged-by-this-test" }))
        {
            refit.Write(_scene.Second);
            refit.Commit();
        }
        var seen = new List<(string Name, long Value, Dictionary<string, object?> Tags)>();
        using var meters = new MeterListener { InstrumentPublished = (instrument, meter) => { if (instrument.Meter.Name == LanyardTelemetry.Name && instrument.IsObservable) meter.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => { lock (seen) seen.Add((instrument.Name, value, tags.ToArray().ToDictionary())); });
        meters.Start();
        meters.RecordObservableInstruments();
        var version = Assert.Single(seen, one => one.Name == LanyardTelemetry.VersionMetric && (string?)one.Tags[LanyardTelemetry.VersionTag] == "gauged-by-this-test");
        var number = version.Tags[LanyardTelemetry.ModelNumberTag];
        Assert.Equal(2, Assert.Single(seen, one => one.Name == LanyardTelemetry.GenerationMetric && Equals(one.Tags[LanyardTelemetry.ModelNumberTag], number)).Value);
        var state = Assert.Single(seen, one => one.Name == LanyardTelemetry.StateMetric && Equals(one.Tags[LanyardTelemetry.ModelNumberTag], number));
        Assert.Equal(((long)ModelState.Loaded, "Loaded", "TinyModel"), (state.Value, state.Tags[LanyardTelemetry.StateTag], state.Tags[LanyardTelemetry.ModelTag]));
    }

    [Fact]
    public void A_disposed_model_says_so_whatever_is_asked_of_it()
    {
        var refit = Model.BeginRefit();
        refit.Write("norm.weight", _scene.Second["norm.weight"]);
        Model.Dispose();
        Assert.Equal(ModelState.Disposed, Model.Status().State);
        Action[] uses =
        [
            () => refit.Write("norm.weight", _scene.Second["norm.weight"]), () => refit.Commit(), () => Model.BeginRefit(), () => Model.Read(), () => Model.Run(ones(3, 10)), () => Model.Checksums(),
            () => Model.Export("nowhere"), () => _ = Model.Norm, () => _ = Model.Layers[0].Attention.QkvWeight, () => _scene.Load(_scene.First),
        ];
        Assert.All(uses, use => Assert.Contains("Tiny", Assert.Throws<ObjectDisposedException>(use).ObjectName, StringComparison.Ordinal));
        Assert.Throws<ObjectDisposedException>(() => Model.to(ScalarType.BFloat16));
        refit.Dispose();
    }

    [Fact]
    public void A_model_that_is_disposed_in_the_midst_of_a_refit_is_never_written_to()
    {
        for (var i = 0; i < 20; i++)
        {
            using var scene = new TinyScene();
            scene.Load(scene.First);
            var refit = scene.Model.BeginRefit(i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged);
            using var started = new ManualResetEventSlim();
            var writes = Task.Run(() =>
            {
                while (true)
                {
                    foreach (var (name, value) in scene.Second)
                    {
                        refit.Write(name, value);
                        started.Set();
                    }
                }
            });
            started.Wait();
            scene.Model.Dispose();
            Assert.IsType<ObjectDisposedException>(Assert.Throws<AggregateException>(writes.Wait).InnerException);
            refit.Dispose();
        }
    }

    [Fact]
    public async Task Two_exports_into_one_folder_are_refused_by_its_name()
    {
        using var other = new TinyScene();
        other.Load(other.First);
        var folder = Directory.CreateTempSubdirectory("lanyard-").FullName;
        var refused = 0;
        await Task.WhenAll(new[] { Model, other.Model }.Select(model => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                try
                {
                    model.Export(folder);
                }
                catch (Exception e) when (e.Message.Contains("another export or merge writes into this folder", StringComparison.Ordinal))
                {
                    Assert.Contains(folder, e.Message, StringComparison.Ordinal);
                    Interlocked.Increment(ref refused);
                }
            }
        })));
        using (var checkpoint = Lanyard.Checkpoints.Checkpoint.Open(folder)) Assert.Equal(13, checkpoint.Tensors.Count);
        Assert.Equal(["model.safetensors"], Directory.GetFiles(folder).Select(Path.GetFileName));
        Directory.Delete(folder, recursive: true);
    }
}
