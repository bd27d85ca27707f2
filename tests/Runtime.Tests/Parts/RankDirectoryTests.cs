using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Parts;

/// <summary>Equal shapes prove nothing: what a rank has written says which slices it is, and comes to a rank that holds them, or to none.</summary>
public sealed class RankDirectoryTests : IDisposable
{
    private readonly ExportScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    private static Dictionary<string, Tensor> Placed() => new() { ["experts"] = randn(3, 5), ["embed"] = randn(10, 3), ["head"] = randn(10, 3) };

    private static Topology Lists(int rank, params long[][] lists) => new(0, 1, rank, lists.Length) { ExpertPlacement = ExpertPlacement.Listed([.. lists.Select(list => list.ToImmutableArray())]) };

    /// <summary>A rank of a layer with experts, which has written what it holds.</summary>
    private Checkpoint Written(Topology topology, Dictionary<string, Tensor> weights, string name)
    {
        using var layer = new PlacedLayer(topology);
        _scene.Tiny.Load(weights, layer);
        layer.Export(_scene.At(name));
        return Checkpoint.Open(_scene.At(name));
    }

    [Theory]
    [InlineData(LoadMode.Copy)]
    [InlineData(LoadMode.Map)]
    public void A_rank_loads_and_refits_from_its_own_directory(LoadMode mode)
    {
        var weights = Placed();
        var topology = new Topology(1, 2, 1, 2);
        using var checkpoint = Written(topology, weights, "own");
        using PlacedLayer layer = new(topology), expected = new(topology);
        _scene.Tiny.Load(weights, expected);
        var plan = LoadPlan.Create(layer, checkpoint, new LoadOptions { Mode = mode });
        Assert.Equal((3, 3), (plan.Tensors, plan.Slots));
        plan.Execute();
        Assert.Equal(_scene.Tiny.Bits(expected), _scene.Tiny.Bits(layer));
        plan.Execute(mode: RefitMode.Staged);
        Assert.Equal(_scene.Tiny.Bits(expected), _scene.Tiny.Bits(layer));
    }

    [Fact]
    public void Slices_of_another_rank_are_refused_by_name_on_load_and_refit()
    {
        var weights = Placed();
        using var checkpoint = Written(new Topology(0, 2), weights, "rank-0");
        using PlacedLayer fresh = new(new Topology(1, 2)), live = new(new Topology(1, 2));
        _scene.Tiny.Load(weights, live);
        var before = _scene.Tiny.Bits(live);

        Check(Assert.Throws<LoadException>(() => LoadPlan.Create(fresh, checkpoint)));
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            Check(Refused(live, mode, refit => refit.Write(checkpoint)));
            Check(Refused(live, mode, refit => Each(checkpoint, refit.WriteSlice)));

            // In place another tensor was written before.
            if (mode == RefitMode.InPlace) _scene.Tiny.Load(weights, live);
            Assert.Equal(before, _scene.Tiny.Bits(live));
        }

        static void Check(LoadException error)
        {
            Assert.Equal(["embed", "head"], error.Problems.Select(problem => problem.Tensor));
            Assert.All(error.Problems, problem => Assert.Equal((LoadProblemKind.WrongSlice, "the slice vocab 6..9 of 10 of \"vocab hidden\"", "the slice vocab 0..5 of 10 of \"vocab hidden\""), (problem.Kind, problem.Expected, problem.Found)));
            Assert.Contains("wrong slice:   embed: expected the slice vocab 6..9 of 10 of \"vocab hidden\", found the slice vocab 0..5 of 10 of \"vocab hidden\"; bring what this rank has written, or the whole, which CheckpointMerge.Merge puts together (parameter embedding)", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Two experts are two experts, and the shape is right.</summary>
    [Theory]
    [InlineData("0 1", "0 2")]
    [InlineData("3 1", "1 0")]
    [InlineData("4 2", "2 3")]
    public void Experts_of_another_placement_are_refused(string written, string held)
    {
        var weights = Placed();
        long[] Rank(string text) => [.. text.Split(' ').Select(long.Parse)];
        long[] Rest(long[] own) => [.. Enumerable.Range(0, 5).Select(i => (long)i).Except(own)];
        using var checkpoint = Written(Lists(0, Rank(written), Rest(Rank(written))), weights, "written");
        using var layer = new PlacedLayer(Lists(0, Rank(held), Rest(Rank(held))));
        _scene.Tiny.Load(weights, layer);
        Assert.Equal("experts", Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(layer, checkpoint)).Problems).Tensor);
        Assert.Equal("experts", Assert.Single(Refused(layer, RefitMode.Staged, refit => Each(checkpoint, refit.WriteSlice)).Problems).Tensor);
    }

    [Fact]
    public void Experts_in_another_order_on_the_same_rank_are_placed_right()
    {
        var weights = Placed();
        using var checkpoint = Written(Lists(0, [3, 1], [0, 2, 4]), weights, "written");
        using PlacedLayer layer = new(Lists(0, [1, 3], [0, 2, 4])), expected = new(Lists(0, [1, 3], [0, 2, 4]));
        _scene.Tiny.Load(weights, expected);
        LoadPlan.Create(layer, checkpoint).Execute();
        Assert.Equal(_scene.Tiny.Bits(expected), _scene.Tiny.Bits(layer));
    }

    /// <summary>As another writer may have them: the runs are what counts.</summary>
    [Fact]
    public void Experts_that_are_stored_in_another_order_are_refused()
    {
        var weights = Placed();
        using var layer = new PlacedLayer(Lists(0, [1, 3], [0, 2, 4]));
        CheckpointWriter.WriteDirectory(_scene.At("odd"), [("experts", randn(3, 2)), ("embed", weights["embed"]), ("head", weights["head"])], new Dictionary<string, string> { ["lanyard.slices"] = """{"experts":{"pattern":"hidden experts","axes":{"hidden":[3],"experts":[5,[3,1],[1,1]]}}}""" });
        using var checkpoint = Checkpoint.Open(_scene.At("odd"));
        var problem = Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(layer, checkpoint)).Problems);
        Assert.Equal(("the slice experts 1..3 step 2 of 5 of \"hidden experts\"", "the slice experts 3, 1 of 5 of \"hidden experts\""), (problem.Expected, problem.Found));
    }

    /// <summary>Half of ten columns for a model that has five.</summary>
    [Fact]
    public void A_slice_is_not_the_whole_of_a_smaller_model()
    {
        var weights = new Dictionary<string, Tensor> { ["weight"] = randn(10, 6) };
        using (var half = new TinyProjection(10, 6, new Topology(0, 2)))
        {
            _scene.Tiny.Load(weights, half);
            half.Export(_scene.At("half"));
        }
        using var checkpoint = Checkpoint.Open(_scene.At("half"));
        Assert.Equal<long>([5, 6], checkpoint.Tensors["weight"].Shape);
        using var small = new TinyProjection(5, 6);
        var problem = Assert.Single(Assert.Throws<LoadException>(() => LoadPlan.Create(small, checkpoint)).Problems);
        Assert.Equal((LoadProblemKind.WrongSlice, "the whole tensor"), (problem.Kind, problem.Expected));

        _scene.Tiny.Load(new Dictionary<string, Tensor> { ["weight"] = zeros(5, 6) }, small);
        Assert.Equal(LoadProblemKind.WrongSlice, Assert.Single(Refused(small, RefitMode.Staged, refit => Each(checkpoint, refit.Write)).Problems).Kind);
        Assert.Equal(LoadProblemKind.WrongSlice, Assert.Single(Refused(small, RefitMode.Staged, refit => refit.Write(checkpoint.Tensors.Values.ToDictionary(stored => stored.Name, checkpoint.View))).Problems).Kind);
    }

    [Fact]
    public void Files_of_two_ranks_in_one_checkpoint_each_say_it_of_their_own()
    {
        var weights = new Dictionary<string, Tensor> { ["a"] = randn(10, 6), ["b"] = randn(10, 6) };
        CheckpointWriter.Write(_scene.At("a.safetensors"), [("weight", weights["a"].narrow(0, 0, 5))], new Dictionary<string, string> { ["lanyard.slices"] = """{"weight":{"pattern":"out in","axes":{"out":[10,[0,5]],"in":[6]}}}""" });
        CheckpointWriter.Write(_scene.At("b.safetensors"), [("other", weights["b"])], new Dictionary<string, string> { ["lanyard.slices"] = "{}" });
        using var checkpoint = Checkpoint.Open([_scene.At("a.safetensors"), _scene.At("b.safetensors")]);
        using var small = new TinyProjection(5, 6);
        Assert.Contains(Assert.Throws<LoadException>(() => LoadPlan.Create(small, checkpoint)).Problems, problem => problem.Kind == LoadProblemKind.WrongSlice);
    }

    [Fact]
    public void What_cannot_be_understood_is_refused_with_its_file()
    {
        CheckpointWriter.Write(_scene.At("odd.safetensors"), [("weight", randn(10, 6))], new Dictionary<string, string> { ["lanyard.slices"] = "{\"weight\":7}" });
        using var checkpoint = Checkpoint.Open(_scene.At("odd.safetensors"));
        using var layer = new TinyProjection(10, 6);
        var error = Assert.Throws<CheckpointException>(() => LoadPlan.Create(layer, checkpoint));
        Assert.Contains("odd.safetensors: \"lanyard.slices\" cannot be understood", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A chunk says itself where it belongs.</summary>
    [Fact]
    public void A_slice_may_come_as_a_chunk_of_the_whole()
    {
        var weights = new Dictionary<string, Tensor> { ["weight"] = randn(10, 6) };
        using (var half = new TinyProjection(10, 6, new Topology(1, 2)))
        {
            _scene.Tiny.Load(weights, half);
            half.Export(_scene.At("half"));
        }
        using var checkpoint = Checkpoint.Open(_scene.At("half"));
        using TinyProjection layer = new(10, 6), expected = new(10, 6);
        foreach (var made in new[] { layer, expected }) _scene.Tiny.Load(weights, made);
        using (var refit = layer.BeginRefit())
        {
            using var view = checkpoint.View(checkpoint.Tensors["weight"]);
            refit.Write("weight", view, [5, 0]);
            refit.Write("weight", weights["weight"].narrow(0, 0, 5), [0, 0]);
            refit.Commit();
        }
        Assert.Equal(_scene.Tiny.Bits(expected), _scene.Tiny.Bits(layer));
    }

    private static LoadException Refused(IParameterModule model, RefitMode mode, Action<RefitSession> write)
    {
        using var refit = model.BeginRefit(mode);
        write(refit);
        return Assert.Throws<LoadException>(() => refit.Commit());
    }

    private static void Each(Checkpoint checkpoint, Action<string, Tensor> write)
    {
        foreach (var (name, stored) in checkpoint.Tensors)
        {
            using var view = checkpoint.View(stored);
            write(name, view);
        }
    }
}
