using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Experts are placed anew where post-load has replaced their weights by padded ones: undone, moved, and made again.</summary>
public sealed class PlacedKernelsTests : IDisposable
{
    private const int Experts = 4;

    private readonly TinyScene _scene = new();
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData("0 1 2", "2 0 1")]
    [InlineData("0 1 2", "1 1 0")]
    [InlineData("0 1 2", "2 2 2 1 0")]
    [InlineData("0 1 2", "1")]
    [InlineData("0 1 2", "")]
    public void What_is_on_the_rank_already_runs_at_once(string before, string after)
    {
        using var model = Loaded(before);
        var addresses = model.Parameters.Select(parameter => TensorAddress.Of(parameter.Value)).ToArray();
        Assert.Empty(model.PlaceExperts(Placement(after)).Missing);
        Assert.Equal(ModelState.Loaded, model.Parameters.State);
        Holds(model, after, _ => 1);
        if (before.Length == after.Length) Assert.Equal(addresses, model.Parameters.Select(parameter => TensorAddress.Of(parameter.Value)));
    }

    [Theory]
    [InlineData(RefitMode.Staged, RefitScope.Subset, "per-expert")]
    [InlineData(RefitMode.InPlace, RefitScope.Subset, "per-expert")]
    [InlineData(RefitMode.Staged, RefitScope.Whole, "per-expert")]
    [InlineData(RefitMode.InPlace, RefitScope.Whole, "")]
    [InlineData(RefitMode.Staged, RefitScope.Subset, "")]
    public void What_lacks_is_brought_and_made_with_what_stayed(RefitMode mode, RefitScope scope, string format)
    {
        using var model = Loaded("0 1 2");
        var report = model.PlaceExperts(Placement("3 0 1"));
        Assert.Equal(["gate_up_proj", "down_proj"], report.Missing.ToArray());
        Assert.Equal(ModelState.Incomplete, model.Parameters.State);
        Assert.Throws<ModelStateException>(() => model.call(torch.zeros(1, 2)));

        // A session that is abandoned leaves it as it was, and so does one that brings too little.
        using (var abandoned = model.BeginRefit(RefitMode.Staged, RefitScope.Subset)) abandoned.Write(Weights(5));
        var needed = Assert.Throws<LoadException>(() =>
        {
            using var less = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
            less.Write("3.down_proj.weight", Weights(2, "per-expert")["3.down_proj.weight"]);
            less.Commit();
        }).Problems;
        Assert.Equal(["gate_up_proj"], needed.Select(problem => problem.Tensor).Distinct());
        Assert.Equal(ModelState.Incomplete, model.Parameters.State);

        using (var refit = model.BeginRefit(mode, scope))
        {
            foreach (var (name, value) in Weights(2, format).Where(item => scope == RefitScope.Whole || format == "" || item.Key.StartsWith("3.", StringComparison.Ordinal)).Reverse()) refit.Write(name, value);
            refit.Commit();
        }
        Holds(model, "3 0 1", expert => scope == RefitScope.Subset && format != "" && expert != 3 ? 1 : 2);
    }

    [Fact]
    public void The_former_placement_makes_it_whole_again_and_in_the_kernel_layout()
    {
        using var model = Loaded("0 1 2");
        Assert.NotEmpty(model.PlaceExperts(Placement("3 0 1")).Missing);
        Assert.Equal(ParameterLayout.Model, model.Parameters.W2Weight.Layout);
        Assert.Empty(model.PlaceExperts(Placement("1 0")).Missing);
        Assert.Equal(ParameterLayout.Kernel, model.Parameters.W2Weight.Layout);
        Holds(model, "1 0", _ => 1);
        Assert.NotEmpty(model.PlaceExperts(Placement("0 1 2")).Missing);
        using (var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            refit.Write(Weights(1, "per-expert").Where(item => item.Key.StartsWith("2.", StringComparison.Ordinal)).ToDictionary());
            refit.Commit();
        }
        Holds(model, "0 1 2", _ => 1);
    }

    [Fact]
    public void A_method_that_fails_leaves_a_torn_model_that_a_whole_refit_mends()
    {
        using var model = Loaded("0 1 2");

        // While it is looked at: nothing was changed.
        model.FailUndo = true;
        Assert.Throws<InvalidOperationException>(() => model.PlaceExperts(Placement("2 0")));
        model.FailUndo = false;
        Holds(model, "0 1 2", _ => 1);

        // While it is done.
        var runs = 0;
        model.WhileUndone = () => model.FailPostLoad = ++runs == 2;
        Assert.Throws<InvalidOperationException>(() => model.PlaceExperts(Placement("2 0")));
        (model.WhileUndone, model.FailPostLoad) = (null, false);
        Assert.Equal(ModelState.Torn, model.Parameters.State);
        Assert.Contains("change of placement", Assert.Throws<ModelStateException>(() => model.W13Weight).Message, StringComparison.Ordinal);
        Assert.Throws<ModelStateException>(() => model.PlaceExperts(Placement("0 1 2")));
        using (var refit = model.BeginRefit(RefitMode.InPlace))
        {
            refit.Write(Weights(3));
            refit.Commit();
        }
        Holds(model, "2 0", _ => 3);
    }

    [Fact]
    public void What_cannot_be_undone_is_named_and_nothing_is_changed()
    {
        using var model = new OnceExperts(new Topology(0, 1, 0, 2) { ExpertPlacement = Placement("0 1") });
        _scene.Load(Enumerable.Range(0, Experts).ToDictionary(expert => $"{expert}", expert => torch.full(2, (float)expert)), model);
        Assert.Contains("weight: it is what Double made of it, without", Assert.Throws<ModelStateException>(() => model.PlaceExperts(Placement("1 0"))).Message, StringComparison.Ordinal);
        Assert.Equal([0, 0, 2, 2], model.Weight.data<float>().ToArray());
        Assert.Equal(Placement("0 1"), model.Parameters.Topology.ExpertPlacement);
    }

    [Fact]
    public void Each_layer_may_have_a_placement_of_its_own()
    {
        using var model = new TinyModel(_scene.Sizes, new Topology(0, 1, 0, 2));
        var asked = new List<string>();

        // Before the first load it says what will be loaded.
        Assert.Empty(model.PlaceExperts(name =>
        {
            asked.Add(name);
            return ExpertPlacement.Listed(name.Contains('0') ? [[2, 0], [1]] : [[1, 1], [0, 2]]);
        }).Missing);
        Assert.Equal(["layers.0.mlp.experts", "layers.1.mlp.experts"], asked);
        _scene.Load(_scene.Second, model);
        foreach (var (layer, held) in new[] { new long[] { 2, 0 }, [1, 1] }.Index())
            Assert.True(model.Layers[layer].FeedForward.W13Weight.Equals(_scene.Second[$"layers.{layer}.mlp.experts.gate_up_proj"].index_select(0, torch.tensor(held)).transpose(1, 2)));
        model.Export(_folder.At("rank-0"));

        // The other rank was made as a class does it, layer by layer.
        using var other = new TinyModel(_scene.Sizes, new Topology(0, 1, 1, 2));
        other.Layers[0].FeedForward.PlaceExperts(ExpertPlacement.Listed([[2, 0], [1]]));
        other.Layers[1].FeedForward.PlaceExperts(ExpertPlacement.Listed([[1, 1], [0, 2]]));
        _scene.Load(_scene.Second, other);
        other.Export(_folder.At("rank-1"));
        CheckpointMerge.Merge([_folder.At("rank-0"), _folder.At("rank-1")], _folder.At("merged"));
        Assert.Equal(ExportScene.Stored(_scene.Second), ExportScene.Stored(_folder.At("merged")));
        Assert.Empty(model.PlaceExperts(name => name.Contains('1') ? ExpertPlacement.Listed([[1], [0, 2]]) : null).Missing);
        Assert.Equal([2, 1], model.Layers.Select(layer => layer.FeedForward.W13Weight.shape[0]));
    }

    [Theory]
    [InlineData("3 0 1")]
    [InlineData("3 0 1 0 2")]
    public void What_no_tensor_has_brought_is_what_it_is_declared_to_be_and_what_one_has_brought_must_come(string after)
    {
        foreach (var isThere in new[] { false, true })
        {
            using var model = new ScaledRoutedExperts(new Topology(0, 1, 0, 2) { ExpertPlacement = Placement("0 1 2") });
            var tensors = Enumerable.Range(0, Experts).ToDictionary(expert => $"experts.{expert}.weight", expert => torch.full(1, (float)expert));
            if (isThere) foreach (var expert in Enumerable.Range(0, Experts)) tensors.Add($"experts.{expert}.scale", torch.full(1, 10f + expert));
            _scene.Load(tensors, model);
            string[] missing = isThere ? ["experts.3.weight", "experts.3.scale"] : ["experts.3.weight"];
            Assert.Equal(missing, model.PlaceExperts(Placement(after)).Missing.ToArray());
            if (isThere)
            {
                using var less = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
                less.Write("experts.3.weight", tensors["experts.3.weight"]);
                Assert.Equal("experts.3.scale", Assert.Single(Assert.Throws<LoadException>(less.Commit).Problems).Tensor);
            }
            using (var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
            {
                foreach (var name in missing) refit.Write(name, tensors[name]);
                refit.Commit();
            }
            var experts = after.Split(' ').Select(float.Parse).ToArray();
            Assert.Equal(experts, model.Weight.data<float>().ToArray());
            Assert.Equal(experts.Select(expert => isThere ? 10 + expert : 1), model.Scale.data<float>().ToArray());
        }
    }

    [Theory]
    [InlineData("2 0 1")]
    [InlineData("2 0")]
    [InlineData("1 2 0 1")]
    public void What_learns_learns_in_storage_of_another_size(string after)
    {
        using var model = new RoutedExperts(new Topology(0, 1, 0, 2) { ExpertPlacement = Placement("0 1 2") });
        _scene.Load(Enumerable.Range(0, Experts).ToDictionary(expert => $"experts.{expert}.weight", _ => torch.zeros(2)), model);
        model.Weight.requires_grad = true;
        model.PlaceExperts(Placement(after));
        Assert.True(Assert.Single(model.parameters()).requires_grad);
    }

    private static ExpertPlacement Placement(string first) => ExpertPlacement.Listed(
        [[.. first.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)], [.. Enumerable.Range(0, Experts).Select(expert => (long)expert)]]);

    /// <summary>The value of an element is that of a time, and of its expert and its place.</summary>
    private static Dictionary<string, Tensor> Weights(int time, string format = "")
    {
        var (gateUp, down) = (torch.arange(0, Experts * 2 * 6, ScalarType.Float32).reshape(Experts, 2, 6).Plus(1000 * time), torch.arange(500, 500 + (Experts * 3 * 2), ScalarType.Float32).reshape(Experts, 3, 2).Plus(1000 * time));
        if (format == "") return new() { ["gate_up_proj"] = gateUp, ["down_proj"] = down };
        var tensors = new Dictionary<string, Tensor>();
        for (var expert = 0; expert < Experts; expert++)
        {
            tensors.Add($"{expert}.gate_proj.weight", gateUp[expert].narrow(1, 0, 3).t());
            tensors.Add($"{expert}.up_proj.weight", gateUp[expert].narrow(1, 3, 3).t());
            tensors.Add($"{expert}.down_proj.weight", down[expert].t());
        }
        return tensors;
    }

    private static void Holds(TinyExperts model, string held, Func<long, int> timeOf)
    {
        var experts = held.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray();
        Assert.Equal([experts.Length, 6, 2], model.W13Weight.shape);
        Assert.Equal([experts.Length, 2, 8], model.W2Weight.shape);
        foreach (var (i, expert) in experts.Index())
        {
            var weights = Weights(timeOf(expert));
            Assert.True(model.W13Weight[i].Equals(weights["gate_up_proj"][expert].t()));
            Assert.True(model.W2Weight[i].Equals(nn.functional.pad(weights["down_proj"][expert].t(), [0, 5])));
        }
    }

    private TinyExperts Loaded(string held)
    {
        var model = new TinyExperts(Experts, 3, 2, new Topology(0, 1, 0, 2) { ExpertPlacement = Placement(held) });
        _scene.Load(Weights(1), model);
        return model;
    }
}
