using Lanyard.Tests.Losing;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Memory that somebody else writes is announced, and is a refit like any other.</summary>
public sealed class OutsideWriteTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void What_is_in_memory_is_written_by_address_and_the_rest_brought_and_post_load_runs_again()
    {
        _scene.Load(_scene.First);
        var generation = _scene.Model.Parameters.Generation;
        var outside = _scene.Model.Slots().Where(slots => slots.NotInMemory is null).Select(slots => slots.Tensor).Distinct().ToArray();
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace))
        {
            foreach (var slots in refit.Announce(outside)) OutsideMemory.Write(slots, _scene.Second[slots.Tensor]);
            refit.Written(outside);
            foreach (var (name, tensor) in _scene.Second.Where(item => !outside.Contains(item.Key))) refit.Write(name, tensor);
            Assert.Contains("layers.0.self_attn.Transpose", refit.Commit().PostLoads);
        }
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
        Assert.Equal(generation + 1, _scene.Model.Parameters.Generation);
        Assert.InRange(outside.Length, 1, _scene.Second.Count - 1);
        Assert.All(_scene.Model.Slots().Where(slots => slots.NotInMemory is not null), slots => Assert.Equal("replaced by PadForKernel, which runs after each load", slots.NotInMemory));
    }

    [Fact]
    public void A_first_load_is_written_so_too()
    {
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace))
        {
            string[] all = [.. _scene.First.Keys];
            foreach (var slots in refit.Announce(all)) OutsideMemory.Write(slots, _scene.First[slots.Tensor]);
            refit.Written(all);
            refit.Commit();
        }
        Assert.Equal(_scene.BitsOf(_scene.First), _scene.Bits());
    }

    [Fact]
    public void What_is_not_in_memory_or_unknown_or_announced_twice_is_refused_at_once_with_all_of_it()
    {
        _scene.Load(_scene.First);
        using var refit = _scene.Model.BeginRefit(RefitMode.InPlace, RefitScope.Subset);
        var error = Assert.Throws<LoadException>(() => refit.Announce("norm.weight", "layers.0.mlp.experts.down_proj", "norm.wieght", "norm.weight"));
        Assert.Equal(
            [(LoadProblemKind.NotInMemory, "layers.0.mlp.experts.down_proj"), (LoadProblemKind.Unexpected, "norm.wieght"), (LoadProblemKind.Duplicate, "norm.weight")],
            error.Problems.Select(problem => (problem.Kind, problem.Tensor)));
        Assert.Contains("not in memory: layers.0.mlp.experts.down_proj: found replaced by PadForKernel", error.Message, StringComparison.Ordinal);
        Assert.Contains("was not announced", Assert.Throws<ModelStateException>(() => refit.Written("norm.weight")).Message, StringComparison.Ordinal);
        refit.Dispose();
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    [Fact]
    public void A_staged_refit_has_no_memory_to_write_to()
    {
        _scene.Load(_scene.First);
        using var refit = _scene.Model.BeginRefit();
        Assert.Contains("begin one in place", Assert.Throws<ModelStateException>(() => refit.Announce("norm.weight")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_announced_and_not_written_leaves_the_model_torn()
    {
        _scene.Load(_scene.First);
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            refit.Announce("norm.weight");
            var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
            Assert.Equal((LoadProblemKind.Missing, "norm.weight", "announced, and not said to be written"), (problem.Kind, problem.Tensor, problem.Found));
        }
        Assert.Equal(ModelState.Torn, _scene.Model.Parameters.State);
    }

    [Fact]
    public void Padding_that_was_overwritten_is_found()
    {
        using var scope = NewDisposeScope();
        using var model = new TinyProjection(6, 5);
        var weight = arange(30, ScalarType.Float32).view(6, 5);
        using (var refit = model.BeginRefit())
        {
            refit.Write("weight", weight);
            refit.Commit();
        }
        using (var refit = model.BeginRefit(RefitMode.InPlace))
        {
            OutsideMemory.Write(refit.Announce("weight")[0], weight * 2);
            refit.Written("weight");
            refit.Commit();
        }
        Assert.True(model.Weight.narrow(1, 0, 6).t().Equals(weight * 2));
        using (var refit = model.BeginRefit(RefitMode.InPlace))
        {
            var memory = refit.Announce("weight")[0];
            var first = memory.Regions.Min(region => region.Address!.Value);
            System.Runtime.InteropServices.Marshal.Copy([.. Enumerable.Repeat(1f, 40)], 0, first, 40);
            refit.Written("weight");
            var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
            Assert.Equal((LoadProblemKind.WrongPadding, "zeros in memory where \"in pad(out, 8)\" has padding", "10 of 10 elements of padding are not zero"), (problem.Kind, problem.Expected, problem.Found));
        }
        Assert.Equal(ModelState.Torn, model.Parameters.State);
    }

    [Fact]
    public void Padding_of_a_constructor_is_cleared_before_anybody_writes()
    {
        using var scope = NewDisposeScope();
        using var model = new PaddedRows(new TorchSharp.Modules.Parameter(ones(4, 8), requires_grad: false));
        using (var refit = model.BeginRefit(RefitMode.InPlace))
        {
            foreach (var tensor in model.ExpectedTensors()) OutsideMemory.Write(refit.Announce(tensor.Name)[0], ones([.. tensor.Shape]));
            refit.Written([.. model.ExpectedTensors().Select(tensor => tensor.Name)]);
            refit.Commit();
        }
        Assert.All(model.Parameters.Where(parameter => !parameter.Entry.Sources.IsEmpty), parameter => Assert.Equal(model.Slots().Where(slots => slots.Parameter == parameter).Sum(slots => slots.Regions.Sum(region => region.Count)), parameter.Value.count_nonzero().ToInt64()));
    }
}
