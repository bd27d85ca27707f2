using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Tests.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Stages, placements, followers, padding, constants, repeats and absent values together: every way to a state gives what a load gives.</summary>
public sealed class CombinationTests : IDisposable
{
    private readonly PlacesScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int, int, string, bool, string> Cases
    {
        get
        {
            var data = new TheoryData<int, int, string, bool, string>();
            data.Add(1, 1, "0 1 2 3 4", false, "fused");
            data.Add(2, 2, "0 4 4 2, 1 3 0", true, "");
            data.Add(4, 2, "4 3 2 1 0,", false, "");
            data.Add(2, 4, "0 1, 2 3 4", true, "fused");
            return data;
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_way_to_new_weights_gives_what_a_load_gives(int stages, int tensor, string placement, bool scales, string format)
    {
        foreach (var topology in Ranks(stages, tensor, placement))
        {
            try
            {
                Every(topology, scales, format);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{topology}: {error}", error);
            }
        }
    }

    private void Every(Topology topology, bool scales, string format)
    {
        var (first, second) = (Weights(0, scales, format), Weights(1000, scales, format));
        using var expected = Loaded(topology, second);
        using var before = Loaded(topology, first);
        foreach (var mode in PlacesScene.Modes)
        {
            using (var model = Loaded(topology, first))
            {
                PlacesScene.Refit(model, second, mode);
                Same(expected, model);
                PlacesScene.Streamed(model, first, mode);
                Same(before, model);
                using (var refit = model.BeginRefit(mode))
                {
                    refit.Write(_scene.Files.Stored(second));
                    refit.Commit();
                }
                Same(expected, model);
                using (var refit = model.BeginRefit(mode, RefitScope.Subset))
                {
                    foreach (var (name, value) in first.Where(item => !item.Key.EndsWith("extra", StringComparison.Ordinal)))
                    {
                        var indices = arange(value.numel(), ScalarType.Int64).flip(0);
                        refit.Patch(name, indices, value.contiguous().flatten().index_select(0, indices));
                    }
                    foreach (var (name, value) in first.Where(item => item.Key.EndsWith("extra", StringComparison.Ordinal))) refit.Write(name, value);
                    refit.Commit();
                }
                Same(before, model);
                using (var refit = model.BeginRefit(mode, RefitScope.Subset))
                {
                    foreach (var (name, value) in second) refit.Write(name, value);
                    refit.Commit();
                }
                Same(expected, model);
                PlacesScene.Refit(model, Old(first), mode);
                Same(before, model);
                var folder = _scene.At($"{Guid.NewGuid():N}");
                expected.Export(folder, new ExportOptions { Format = format });
                using var slices = Checkpoint.Open(folder);
                using (var refit = model.BeginRefit(mode))
                {
                    foreach (var stored in slices.Tensors.Values.Reverse()) refit.WriteSlice(stored.Name, slices.View(stored));
                    refit.Commit();
                }
                Same(expected, model);
                var held = model.Checksums(format);
                held.Compare(WeightChecksums.Of(second.Select(item => (item.Key, item.Value)), held)).ThrowUnlessProven();
                held.Compare(WeightChecksums.Of(Old(second).Select(item => (item.Key, item.Value)), held)).ThrowUnlessProven();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ranks_merge(int stages, int tensor, string placement, bool scales, string format)
    {
        var (weights, folders) = (Weights(0, scales, format), new List<string>());
        foreach (var topology in Ranks(stages, tensor, placement))
        {
            using var model = Loaded(topology, weights);
            folders.Add(_scene.At($"{Guid.NewGuid():N}"));
            model.Export(folders[^1], new ExportOptions { Format = format });
        }
        var merged = _scene.At($"{Guid.NewGuid():N}");
        CheckpointMerge.Merge(folders, merged);
        Assert.Equal(ExportScene.Stored(weights), ExportScene.Stored(merged));
        if (stages == 1) return;
        var lacking = Assert.Throws<ExportException>(() => CheckpointMerge.Merge(folders[..(folders.Count / stages)], merged)).Problems;
        Assert.Contains(lacking, problem => problem.Name == "norm.weight");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_placement_changed_and_refitted_gives_what_a_load_gives(int stages, int tensor, string placement, bool scales, string format)
    {
        var (first, second) = (Weights(0, scales, format), Weights(1000, scales, format));
        var lists = ReplicatedExpertsTests.Placement(placement).Lists;
        var random = new Random(stages + (10 * tensor));
        foreach (var topology in Ranks(stages, tensor, placement))
        {
            try
            {
                var now = topology;
                using var model = Loaded(topology, first);
                for (var change = 0; change < 6; change++)
                {
                    List<long>[] dealt = [.. lists.Select(_ => new List<long>())];
                    foreach (var expert in Enumerable.Range(0, 5).Concat(Enumerable.Range(0, 5).Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next())) dealt[random.Next(dealt.Length)].Add(expert);
                    var next = ExpertPlacement.Listed([.. dealt.Select(list => list.ToImmutableArray())]);
                    model.PlaceExperts(next);
                    now = now with { ExpertPlacement = next };
                    var weights = change % 2 == 0 ? second : first;
                    if (random.Next(3) > 0)
                    {
                        using var refit = model.BeginRefit(change % 3 == 0 ? RefitMode.Staged : RefitMode.InPlace);
                        foreach (var (name, value) in weights.OrderBy(_ => random.Next())) refit.Write(name, value);
                        refit.Commit();
                        using var expected = Loaded(now, weights);
                        Same(expected, model);
                    }
                }
                PlacesScene.Refit(model, first, RefitMode.Staged);

                // What lacks alone, in a subset.
                var missing = model.PlaceExperts(topology.ExpertPlacement).Missing;
                using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
                {
                    foreach (var (name, value) in first.Where(item => format != "" || missing.Contains(item.Key))) refit.Write(name, value);
                    refit.Commit();
                }
                using var last = Loaded(topology, first);
                Same(last, model);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{topology}: {error}", error);
            }
        }
    }

    [Fact]
    public void What_lacks_is_named_in_the_order_of_the_declaration()
    {
        using var model = Loaded(new Topology(0, 1, 0, 2) { ExpertPlacement = ReplicatedExpertsTests.Placement("0 1, 2 3 4") }, Weights(0, true, ""));
        string[] At(int layer) => [.. new[] { "experts.3.gate.weight", "experts.3.up.weight", "experts.4.gate.weight", "experts.4.up.weight", "experts.3.input_scale", "experts.4.input_scale", "group_scale", "experts.3.extra", "experts.4.extra" }.Select(name => $"layers.{layer}.{name}")];
        Assert.Equal([.. At(0), .. At(1), .. At(2)], model.PlaceExperts(ReplicatedExpertsTests.Placement("0 3 4, 1 2 3 4")).Missing.ToArray());
    }

    private static void Same(CombinedModel expected, CombinedModel model)
    {
        var (all, others) = (Values(expected), Values(model));
        Assert.Equal(all.Keys, others.Keys);
        foreach (var (name, value) in all)
        {
            if (!value.shape.SequenceEqual(others[name].shape) || !TensorBits(value).SequenceEqual(TensorBits(others[name])))
                Assert.Fail($"{name}: expected {string.Join(" ", TensorBits(value))}, found {string.Join(" ", TensorBits(others[name]))}");
        }
    }

    private static float[] TensorBits(Tensor tensor) => tensor.numel() == 0 ? [] : PlacesScene.Values(tensor);

    private static SortedDictionary<string, Tensor> Values(CombinedModel model)
    {
        var values = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in model.state_dict()) values.Add(name, value);
        return values;
    }

    private static IEnumerable<Topology> Ranks(int stages, int tensor, string placement)
    {
        var placed = ReplicatedExpertsTests.Placement(placement);
        for (var stage = 0; stage < stages; stage++)
        {
            for (var rank = 0; rank < tensor; rank++)
            {
                for (var expert = 0; expert < placed.Lists.Length; expert++)
                    yield return new Topology(rank, tensor, expert, placed.Lists.Length, stage, stages) { ExpertPlacement = placed };
            }
        }
    }

    private static Dictionary<string, Tensor> Old(Dictionary<string, Tensor> weights) =>
        weights.ToDictionary(item => $"language_model.{item.Key.Replace("layers.", "blocks.", StringComparison.Ordinal)}", item => item.Value);

    private static Dictionary<string, Tensor> Weights(int from, bool scales, string format)
    {
        var tensors = new Dictionary<string, Tensor>();
        var next = (float)from;

        Tensor New(params long[] shape)
        {
            var count = shape.Aggregate(1L, (a, b) => a * b);
            var tensor = arange(next + 1, next + 1 + count, ScalarType.Float32).reshape(shape);
            next += count;
            return tensor;
        }

        for (var layer = 0; layer < 3; layer++)
        {
            var at = $"layers.{layer}.";
            for (var expert = 0; expert < 5; expert++)
            {
                if (format == "") foreach (var proj in new[] { "gate", "up" }) tensors.Add($"{at}experts.{expert}.{proj}.weight", New(5, 2));
                if (scales) tensors.Add($"{at}experts.{expert}.input_scale", New(1));
                tensors.Add($"{at}experts.{expert}.extra", New(5));
            }
            if (format == "fused") tensors.Add($"{at}experts.gate_up", New(2, 5, 10));
            tensors.Add($"{at}group_scale", cat([New(2, 3), zeros(2, 1)], 1));
            tensors.Add($"{at}q_proj.bias", New(12));
            tensors.Add($"{at}v_proj.bias", New(4));
            tensors.Add($"{at}out.bias", New(2));
        }
        tensors.Add("embed_tokens.weight", New(6, 2));
        tensors.Add("norm.weight", New(2));
        return tensors;
    }

    private CombinedModel Loaded(Topology topology, Dictionary<string, Tensor> weights)
    {
        var model = new CombinedModel(topology);
        _scene.Files.Load(model, weights);
        return model;
    }
}
