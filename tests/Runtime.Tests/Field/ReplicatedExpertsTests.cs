using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>
/// Busy experts have several places, on several ranks or twice on one, and move while the engine runs; a trainer knows them by their numbers.
/// Four experts of two elements: expert e holds e, after a refit 10 + e. As in prime-rl 3583 and EPLB 22.
/// </summary>
public sealed class ReplicatedExpertsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, int[], int[]> Placements => new()
    {
        { "0 1 2, 2 3 1", [0, 1, 2], [2, 3, 1] },
        { "0 1 1, 2 3 0", [0, 1, 1], [2, 3, 0] },
        { "0 1 2 3,", [0, 1, 2, 3], [] },
        { "3 3 3, 0 1 2 0 3", [3, 3, 3], [0, 1, 2, 0, 3] },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public void A_refit_brings_every_place_its_own_expert_in_every_way(string placement, int[] first, int[] second)
    {
        foreach (var (rank, held) in new[] { first, second }.Index())
        {
            using var model = Loaded(placement, rank);
            Holds(model, held);
            foreach (var (i, mode) in new[] { RefitMode.Staged, RefitMode.InPlace }.Index())
            {
                var from = 10 + (100 * i);
                Refit(model, mode, RefitScope.Whole, refit => refit.Write(Weights(from)));
                Holds(model, held, from);
                Refit(model, mode, RefitScope.Whole, refit =>
                {
                    // One element at a time, the last expert first.
                    foreach (var (name, value) in Weights(from + 10).Reverse())
                    {
                        for (var element = 1; element >= 0; element--) refit.Write(name, value[element..(element + 1)], [element]);
                    }
                });
                Holds(model, held, from + 10);
                Refit(model, mode, RefitScope.Whole, refit => refit.Write("experts.weight", Fused(from + 20)));
                Holds(model, held, from + 20);
                Refit(model, mode, RefitScope.Whole, refit =>
                {
                    if (held.Length > 0) refit.WriteSlice("experts.weight", Fused(from + 30).index_select(1, torch.tensor(held.Distinct().Order().Select(expert => (long)expert).ToArray())));
                });
                Holds(model, held, from + 30);
                Refit(model, mode, RefitScope.Subset, refit => refit.Write("experts.1.weight", torch.full(2, -1f)));
                Holds(model, held, expert => expert == 1 ? [-1, -1] : [from + 30 + expert, from + 30 + expert]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public void A_patch_changes_every_place(string placement, int[] first, int[] second)
    {
        foreach (var (rank, held) in new[] { first, second }.Index())
        {
            using var model = Loaded(placement, rank);
            Refit(model, RefitMode.Staged, RefitScope.Subset, refit => refit.Patch("experts.1.weight", torch.tensor(new long[] { 1 }), torch.tensor(new float[] { 7 })));
            Holds(model, held, expert => expert == 1 ? [1, 7] : [expert, expert]);
            Refit(model, RefitMode.InPlace, RefitScope.Subset, refit => refit.Patch("experts.weight", torch.tensor(new long[] { 4, 1 }), torch.tensor(new float[] { 8, 9 })));
            Holds(model, held, expert => expert == 1 ? [9, 7] : expert == 0 ? [0, 8] : [expert, expert]);
        }
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public void Exports_merge_into_each_expert_once_and_checksums_prove_every_place(string placement, int[] first, int[] second)
    {
        foreach (var format in new[] { "", "fused" })
        {
            for (var rank = 0; rank < 2; rank++)
            {
                using var model = Loaded(placement, rank);
                using (var checkpoint = Checkpoint.Open(_folder.At("whole")))
                {
                    var held = model.Checksums();
                    Assert.Equal((rank == 0 ? first : second).Length, held.Slots.Sum(slot => slot.Region.Count) / 2);
                    held.Compare(WeightChecksums.Of(checkpoint, held)).ThrowUnlessProven();
                }
                model.Export(_folder.At($"{format}{rank}"), new ExportOptions { Format = format });
            }
            var merged = _folder.At($"{format}merged");
            CheckpointMerge.Merge([_folder.At($"{format}1"), _folder.At($"{format}0")], merged);
            Assert.Equal(ExportScene.Stored(format == "" ? Weights(0) : new() { ["experts.weight"] = Fused(0) }), ExportScene.Stored(merged));
        }
    }

    [Fact]
    public void A_place_that_differs_from_another_of_its_expert_is_never_written()
    {
        using var model = Loaded("0 1 1, 2 3 0", 0);
        model.Weight[2, 1] = 5;
        var error = Assert.Throws<ExportException>(() => model.Export(_folder.At("out")));
        Assert.Contains("experts.1.weight: the same elements have other values in other places", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.At("out")));
        using var checkpoint = Checkpoint.Open(_folder.At("whole"));
        var held = model.Checksums();
        Assert.Single(held.Compare(WeightChecksums.Of(checkpoint, held)).Differing);
    }

    [Theory]
    [InlineData(RefitMode.Staged, RefitScope.Whole, "")]
    [InlineData(RefitMode.Staged, RefitScope.Subset, "")]
    [InlineData(RefitMode.InPlace, RefitScope.Whole, "")]
    [InlineData(RefitMode.InPlace, RefitScope.Subset, "")]
    [InlineData(RefitMode.Staged, RefitScope.Subset, "fused")]
    [InlineData(RefitMode.InPlace, RefitScope.Whole, "fused")]
    public void A_live_model_that_is_given_another_placement_says_what_is_missing_until_it_has_come(RefitMode mode, RefitScope scope, string format)
    {
        using var model = Loaded("0 1 2, 2 3 1", 0);
        var (address, generation, other) = (TensorAddress.Of(model.Weight), model.Parameters.Generation, _folder.At("whole"));
        using var checkpoint = Checkpoint.Open(other);
        var plan = LoadPlan.Create(model, checkpoint);

        var report = model.PlaceExperts(Placement("3 0 1, 2 3 1"));

        Assert.Equal(["experts.3.weight"], report.Missing.ToArray());
        Assert.Equal((ModelState.Incomplete, generation + 1), (model.Parameters.State, model.Parameters.Generation));
        foreach (var use in new Action[]
        {
            () => model.call(torch.zeros(1, 2)),
            () => _ = model.Weight,
            () => model.state_dict(),
            () => model.Export(_folder.At("out")),
            () => model.Checksums(),
            () => Refit(model, mode, RefitScope.Subset, refit => refit.Patch("experts.0.weight", torch.tensor(new long[] { 1 }), torch.tensor(new float[] { 7 }))),
        }) Assert.Contains("experts.3.weight", Assert.Throws<ModelStateException>(use).Message, StringComparison.Ordinal);
        Assert.Contains("Begin again", Assert.Throws<ModelStateException>(() => plan.Execute()).Message, StringComparison.Ordinal);

        // Less than what lacks is not enough, and leaves things as they are.
        var missing = Assert.Throws<LoadException>(() => Refit(model, RefitMode.Staged, RefitScope.Subset, refit => refit.Write("experts.0.weight", torch.full(2, 10f)))).Problems;
        Assert.Equal([(LoadProblemKind.Missing, "experts.3.weight")], missing.Select(problem => (problem.Kind, problem.Tensor)));
        Assert.Equal(ModelState.Incomplete, model.Parameters.State);

        Refit(model, mode, scope, refit =>
        {
            if (format == "fused") refit.Write("experts.weight", Fused(10));
            else if (scope == RefitScope.Whole) refit.Write(Weights(10));
            else refit.Write("experts.3.weight", torch.full(2, 13f));
        });
        if (format == "fused" || scope == RefitScope.Whole) Holds(model, [3, 0, 1], 10);
        else Holds(model, [3, 0, 1], expert => expert == 3 ? [13, 13] : [expert, expert]);
        Assert.Equal(address, TensorAddress.Of(model.Weight));
        model.Export(_folder.At("out"));
    }

    [Fact]
    public void The_former_placement_makes_the_model_whole_again()
    {
        using var model = Loaded("0 1 2, 2 3 1", 0);
        Assert.Equal(["experts.3.weight"], model.PlaceExperts(Placement("3 0 1, 2 3 1")).Missing.ToArray());
        Assert.Equal(["experts.2.weight"], model.PlaceExperts(Placement("0 1 2, 2 3 1")).Missing.ToArray());
        Assert.Equal(["experts.2.weight", "experts.3.weight"], model.PlaceExperts(Placement("3 2 2 1 0 1, 2 3 1")).Missing.Order());
        Assert.Empty(model.PlaceExperts(Placement("1 0 0 0, 2 3 1")).Missing);
        Holds(model, [1, 0, 0, 0]);
        Assert.Empty(model.PlaceExperts(Placement("0 1, 2 3 1")).Missing);
        Holds(model, [0, 1]);
        Assert.Equal(2, model.PlaceExperts(Placement("0 1 2 3, 2 3 1")).Missing.Length);

        // A rank that holds nothing lacks nothing, and one that held nothing lacks all.
        Assert.Empty(model.PlaceExperts(Placement(", 0 1 2 3")).Missing);
        Holds(model, []);
        Assert.Equal(2, model.PlaceExperts(Placement("1 1 2, 0 3")).Missing.Length);
        Refit(model, RefitMode.InPlace, RefitScope.Subset, refit => refit.Write(Weights(10)));
        Holds(model, [1, 1, 2], 10);
    }

    [Fact]
    public void A_placement_that_leaves_an_expert_out_is_refused_and_changes_nothing()
    {
        Assert.Contains("leaves out 3", Assert.Throws<ArgumentException>(() => new RoutedExperts(Rank("0 1 1, 2 0", 0))).Message, StringComparison.Ordinal);
        using var model = Loaded("0 1 2, 2 3 1", 0);
        Assert.Contains("leaves out 3", Assert.Throws<ArgumentException>(() => model.PlaceExperts(Placement("0 1 1, 2 0"))).Message, StringComparison.Ordinal);
        Assert.Contains("names 4", Assert.Throws<ArgumentException>(() => model.PlaceExperts(Placement("0 1 4, 2 3"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.PlaceExperts(Placement("0 1, 2, 3")));
        using (model.BeginRefit()) Assert.Throws<ModelStateException>(() => model.PlaceExperts(Placement("1 0 2, 2 3 1")));
        Holds(model, [0, 1, 2]);
    }

    internal static ExpertPlacement Placement(string lists) =>
        ExpertPlacement.Listed([.. lists.Split(',').Select(list => list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToImmutableArray())]);

    private static Topology Rank(string placement, int rank) => new(0, 1, rank, placement.Split(',').Length) { ExpertPlacement = Placement(placement) };

    private static Dictionary<string, Tensor> Weights(int from) => Enumerable.Range(0, 4).ToDictionary(expert => $"experts.{expert}.weight", expert => torch.full(2, (float)(from + expert)));

    private static Tensor Fused(int from) => torch.arange(from, from + 4, ScalarType.Float32).expand(2, 4).contiguous();

    private static void Holds(RoutedExperts model, int[] experts, int from = 0) => Holds(model, experts, expert => [from + expert, from + expert]);

    private static void Holds(RoutedExperts model, int[] experts, Func<int, float[]> values)
    {
        Assert.Equal([experts.Length, 2], model.Weight.shape);
        Assert.Equal(experts.SelectMany(values), experts.Length == 0 ? [] : model.Weight.data<float>().ToArray());
    }

    private static void Refit(RoutedExperts model, RefitMode mode, RefitScope scope, Action<RefitSession> write)
    {
        using var refit = model.BeginRefit(mode, scope);
        write(refit);
        refit.Commit();
    }

    private RoutedExperts Loaded(string placement, int rank)
    {
        var (model, path) = (new RoutedExperts(Rank(placement, rank)), _folder.At("whole"));
        if (!Directory.Exists(path)) CheckpointWriter.WriteDirectory(path, Weights(0).Select(item => (item.Key, item.Value)));
        using var checkpoint = Checkpoint.Open(path);
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }
}
