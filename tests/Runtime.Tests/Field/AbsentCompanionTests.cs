using Lanyard.Tests.Checksums;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Companions of codes that may stay away: zero points and a second scale, which some files have and most have not.</summary>
public sealed class AbsentCompanionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PlacesScene _scene = new();

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void What_is_absent_is_what_is_declared(bool zeros, bool second)
    {
        var (given, right) = Given(zeros, second);
        for (var ranks = 1; ranks <= 2; ranks++)
        {
            for (var rank = 0; rank < ranks; rank++)
            {
                using var model = new MaybeScaled(new Topology(0, 1, rank, ranks));
                _scene.Files.Load(model, given, new LoadOptions { KeepCodes = ranks == 1 });
                Check(model);
                Proofs.Holds(model, given);
                if (ranks == 1)
                {
                    model.Export(_scene.At("codes"), new ExportOptions { Codes = true });
                    Assert.Equal(Lanyard.Tests.Export.ExportScene.Stored(given), Lanyard.Tests.Export.ExportScene.Stored(_scene.At("codes")));
                }
                foreach (var mode in PlacesScene.Modes)
                {
                    foreach (var order in new[] { given, given.Reverse() })
                    {
                        using (no_grad()) model.Weight.zero_();
                        PlacesScene.Refit(model, order, mode);
                        Check(model);
                        Proofs.Holds(model, given);
                    }
                }

                void Check(MaybeScaled model) => Assert.Equal(right[(rank * 6)..(rank * 6 + (12 / ranks))], PlacesScene.Values(model.Weight));
            }
        }
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void An_expert_that_is_placed_here_comes_with_what_the_others_came_with(RefitMode mode)
    {
        var (given, right) = Given(zeros: true, second: true);
        using var model = new MaybeScaled(new Topology(0, 1, 0, 2));
        _scene.Files.Load(model, given);
        model.PlaceExperts(ExpertPlacement.Listed([[1, 0], []]));
        var came = given.Where(item => item.Key.StartsWith('1'));
        var missing = Assert.Throws<LoadException>(() => PlacesScene.Refit(model, came.Where(item => item.Key != "1.weight_zero_point"), mode, RefitScope.Subset)).Problems;
        Assert.Equal([(LoadProblemKind.Missing, "1.weight_zero_point")], missing.Select(problem => (problem.Kind, problem.Tensor)));
        PlacesScene.Refit(model, came, mode, RefitScope.Subset);
        Assert.Equal([.. right[6..], .. right[..6]], PlacesScene.Values(model.Weight));
    }

    [Fact]
    public void It_is_there_for_all_tensors_of_a_source_or_for_none_and_no_other_companion_may_stay_away()
    {
        var (given, _) = Given(zeros: true, second: true);
        given.Remove("1.weight_zero_point");
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = new MaybeScaled(new Topology(0, 1, rank, 2));
            if (rank == 1) Assert.Equal((LoadProblemKind.Missing, "1.weight_zero_point"), _scene.Files.Refused(model, given).Select(problem => (problem.Kind, problem.Tensor)).Single());
        }
        (given, _) = Given(zeros: false, second: false);
        given.Remove("1.weight_scale");
        using var whole = new MaybeScaled();
        Assert.Equal((LoadProblemKind.Missing, "1.weight_scale"), _scene.Files.Refused(whole, given).Select(problem => (problem.Kind, problem.Tensor)).Single());
        given.Add("1.weight_scale_3", torch.tensor(1f));
        Assert.Contains(_scene.Files.Refused(whole, given), problem => (problem.Kind, problem.Tensor) == (LoadProblemKind.Unexpected, "1.weight_scale_3"));
    }

    [Fact]
    public void A_refit_of_a_subset_does_not_forget_a_companion_that_came_before()
    {
        var (given, _) = Given(zeros: true, second: true);
        var (bare, right) = Given(zeros: false, second: false);
        using var model = new MaybeScaled();
        _scene.Files.Load(model, given);
        var codes = bare.Where(tensor => tensor.Key.StartsWith("0.", StringComparison.Ordinal)).ToList();
        var refusal = Assert.Throws<LoadException>(() => PlacesScene.Refit(model, codes, RefitMode.Staged, RefitScope.Subset));
        Assert.Equal(["0.weight_scale_2", "0.weight_zero_point"], refusal.Problems.Where(problem => problem.Kind == LoadProblemKind.Missing).Select(problem => problem.Tensor).Order());

        // All of them say that there is none.
        PlacesScene.Refit(model, bare, RefitMode.Staged);
        Assert.Equal(right, PlacesScene.Values(model.Weight));
        PlacesScene.Refit(model, codes, RefitMode.InPlace, RefitScope.Subset);
        Assert.Equal(right, PlacesScene.Values(model.Weight));
    }

    private static (Dictionary<string, Tensor> Tensors, float[] Right) Given(bool zeros, bool second)
    {
        var tensors = new Dictionary<string, Tensor> { ["norm"] = torch.tensor([1f, 2, 3]) };
        var right = new List<float>();
        for (var expert = 0; expert < 2; expert++)
        {
            var codes = Enumerable.Range(1, 6).Select(code => (sbyte)((10 * expert) + code)).ToArray();
            tensors[$"{expert}.weight"] = torch.tensor(codes).reshape(2, 3);
            tensors[$"{expert}.weight_scale"] = torch.tensor([0.5f, 0.25f]).reshape(2, 1);
            if (zeros) tensors[$"{expert}.weight_zero_point"] = torch.tensor(new sbyte[] { 3, 5 }).reshape(2, 1);
            if (second) tensors[$"{expert}.weight_scale_2"] = torch.tensor(4f);
            right.AddRange(codes.Select((code, i) => (code - (zeros ? i < 3 ? 3 : 5 : 0)) * ((i < 3 ? 0.5f : 0.25f) * (second ? 4 : 1))));
        }
        return (tensors, [.. right]);
    }
}
