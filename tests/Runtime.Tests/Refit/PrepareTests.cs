using Lanyard.Tests.Losing;
using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A refit in two steps: everything is ready, and then it is live or as if nothing had been.</summary>
public sealed class PrepareTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TinyScene _scene = new();

    public PrepareTests() => _scene.Load(_scene.First);

    public void Dispose()
    {
        _scene.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void The_old_weights_are_live_until_the_commit_and_stay_without_one()
    {
        var (before, addresses) = (_scene.Bits(), _scene.Addresses());
        using (var refit = _scene.Model.BeginRefit())
        {
            refit.Write(_scene.Second);
            var report = refit.Prepare();
            Assert.Equal(before, _scene.Bits());
            Assert.Equal(["layers.{0,1}.self_attn.Transpose", "layers.{0,1}.mlp.experts.PadForKernel"], NameFolding.Fold(report.PostLoads));
            Assert.Throws<ModelStateException>(() => refit.Write("norm.weight", _scene.Second["norm.weight"]));
        }
        Assert.Equal(before, _scene.Bits());
        using (var refit = _scene.Model.BeginRefit())
        {
            refit.Write(_scene.Second);
            refit.Prepare();
            Assert.Equal(before, _scene.Bits());
            refit.Commit();
        }
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
    }

    [Fact]
    public void What_lacks_is_told_and_may_come_then()
    {
        using var refit = _scene.Model.BeginRefit();
        foreach (var (name, value) in _scene.Second.Where(tensor => tensor.Key != "norm.weight")) refit.Write(name, value);
        Assert.Equal(["norm.weight"], refit.Progress().Missing.Select(problem => problem.Tensor));
        Assert.Equal(["norm.weight"], Assert.Throws<LoadException>(() => refit.Prepare()).Problems.Select(problem => problem.Tensor));
        refit.Write("norm.weight", _scene.Second["norm.weight"]);
        Assert.Empty(refit.Progress().Missing);
        refit.Prepare();
        Assert.True(refit.Progress().IsPrepared);
        refit.Commit();
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Fact]
    public void Checksums_of_what_is_staged_are_those_of_what_is_live_then()
    {
        var old = _scene.Model.Checksums();
        using var refit = _scene.Model.BeginRefit(options: new LoadOptions { Version = "second" });
        Assert.Throws<ModelStateException>(() => refit.Checksums());
        refit.Write(_scene.Second);
        refit.Prepare();
        var staged = refit.Checksums();
        Assert.Equal(("second", old.Generation + 1), (staged.Version, staged.Generation));
        Assert.True(staged.Compare(WeightChecksums.Of(_scene.Second.Select(pair => (pair.Key, pair.Value)), staged)).IsProof);
        Assert.False(staged.Compare(WeightChecksums.Of(_scene.First.Select(pair => (pair.Key, pair.Value)), staged)).IsProof);
        refit.Commit();
        Assert.Equal(_scene.Model.Checksums().Slots.Select(slot => slot.Hash), staged.Slots.Select(slot => slot.Hash));
    }

    [Fact]
    public void Patches_wait_with_the_rest_and_are_proven_too()
    {
        var before = _scene.Bits();
        using var refit = _scene.Model.BeginRefit(scope: RefitScope.Subset);
        refit.Patch("norm.weight", tensor(new[] { 1L, 3 }), tensor(new[] { 7f, 9f }));
        refit.Prepare();
        Assert.Equal(before, _scene.Bits());
        var patched = _scene.First["norm.weight"].clone();
        (patched[1], patched[3]) = (tensor(7f), tensor(9f));
        var staged = refit.Checksums();
        Assert.True(staged.Compare(WeightChecksums.Of(_scene.First.Select(pair => (pair.Key, pair.Key == "norm.weight" ? patched : pair.Value)), staged)).IsProof);
        Assert.Equal(before, _scene.Bits());
        refit.Commit();
        Assert.True(_scene.Model.Norm.Equals(patched));
    }

    [Fact]
    public void Fields_that_post_load_assigns_are_old_until_the_commit()
    {
        using var module = new Scaled();
        Write(module, 1).Commit();
        var (table, runs) = (module.Table, Scaled.Runs);
        using (var dropped = Write(module, 2))
        {
            dropped.Prepare();
            Assert.Equal((1f, runs), (module.Scale, Scaled.Runs));
            Assert.Same(table, module.Table);
            Assert.Equal(1f, module.A[0].ToSingle());
        }
        Assert.Equal((1f, runs), (module.Scale, Scaled.Runs));
        using var refit = Write(module, 3);
        refit.Prepare();
        _ = refit.Checksums();
        Assert.Equal((1f, runs), (module.Scale, Scaled.Runs));
        refit.Commit();
        Assert.Equal((3f, 3f, 6f, 3f, runs + 1), (module.Scale, module.A[0].ToSingle(), module.B[0].ToSingle(), module.Table[0], Scaled.Runs));

        static RefitSession Write(Scaled module, float value)
        {
            var refit = module.BeginRefit();
            refit.Write("a", full(4, value));
            refit.Write("b", full(4, value));
            return refit;
        }
    }

    [Fact]
    public void A_post_load_method_that_fails_leaves_nothing_behind()
    {
        using var module = new Scaled();
        using (var first = module.BeginRefit())
        {
            first.Write("a", ones(4));
            first.Write("b", ones(4));
            first.Commit();
        }
        module.Fails = true;
        using var refit = module.BeginRefit();
        refit.Write("a", full(4, 2f));
        refit.Write("b", full(4, 2f));
        Assert.Throws<InvalidOperationException>(() => refit.Prepare());
        Assert.Throws<ModelStateException>(() => refit.Commit());
        Assert.Equal((1f, 1f, 2f, ModelState.Loaded), (module.Scale, module.A[0].ToSingle(), module.B[0].ToSingle(), module.Parameters.State));
    }

    [Fact]
    public async Task Passes_go_on_while_post_load_runs()
    {
        using var model = new Turned();
        using var files = new TensorFiles();
        files.Load(model, Turned.Weights(0));
        var old = model.Run(ones(1, 2));
        using var reached = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        model.After = () =>
        {
            reached.Set();
            go.Wait();
        };
        using var refit = model.BeginRefit();
        refit.Write(Turned.Weights(10));
        var prepare = Task.Run(refit.Prepare);
        reached.Wait();
        Assert.True(model.Run(ones(1, 2)).Equals(old));
        go.Set();
        await prepare;
        Assert.True(model.Run(ones(1, 2)).Equals(old));
        refit.Commit();
        Assert.False(model.Run(ones(1, 2)).Equals(old));
    }

    [Fact]
    public void A_version_is_carried_and_what_builds_on_another_is_refused()
    {
        _scene.Refit(_scene.First);
        Assert.Null(_scene.Model.Parameters.Version);
        using (var refit = _scene.Model.BeginRefit())
        {
            refit.Version = "step-1";
            refit.Write(_scene.Second);
            Assert.Equal("step-1", refit.Commit().Version);
        }
        Assert.Equal(("step-1", "step-1"), (_scene.Model.Parameters.Version, _scene.Model.Layers[1].Parameters.Version));
        Assert.Equal("step-1", _scene.Model.Checksums().Version);
        Assert.Contains("builds on version step-0, but TinyModel has step-1", Assert.Throws<ModelStateException>(() => _scene.Model.BeginRefit(scope: RefitScope.Subset, options: new LoadOptions { BuildsOn = "step-0" })).Message, StringComparison.Ordinal);
        using (var refit = _scene.Model.BeginRefit(scope: RefitScope.Subset))
        {
            Assert.Throws<ModelStateException>(() => refit.BuildsOn = "step-2");
            refit.BuildsOn = "step-1";
        }

        // A part that changes by itself leaves the whole without a name.
        var generation = _scene.Model.Parameters.Generation;
        using (var refit = _scene.Model.Layers[0].FeedForward.BeginRefit(scope: RefitScope.Subset)) refit.Commit();
        Assert.Equal((generation + 1, null), (_scene.Model.Parameters.Generation, _scene.Model.Parameters.Version));
        Assert.Equal("step-1", _scene.Model.Layers[1].Parameters.Version);
    }

    [Fact]
    public void An_export_has_the_version_and_a_load_takes_it_over()
    {
        using (var refit = _scene.Model.BeginRefit(options: new LoadOptions { Version = "step-7" }))
        {
            refit.Write(_scene.Second);
            refit.Commit();
        }
        var folder = Directory.CreateTempSubdirectory("lanyard-");
        Assert.Equal("step-7", _scene.Model.Export(folder.FullName).Version);
        using var other = new TinyModel(_scene.Sizes);
        using (var checkpoint = Lanyard.Checkpoints.Checkpoint.Open(folder.FullName)) Assert.Equal("step-7", LoadPlan.Create(other, checkpoint).Execute().Version);
        Assert.Equal("step-7", other.Parameters.Version);
        folder.Delete(recursive: true);
    }
}
