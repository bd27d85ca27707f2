using Lanyard.Tests.Checksums;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>
/// A source that is longer than its parameter, whose tail must be zero: Kimi K3's A_log. What is stored there and not zero would be lost without a
/// word, so it is refused, wherever it comes from; an export writes zeros.
/// </summary>
public sealed class LongerThanItsParameterTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PlacesScene _scene = new();
    private readonly Dictionary<string, Tensor> _given = [];

    public LongerThanItsParameterTests()
    {
        _given["A_log"] = tensor([1f, 2, 3, 4, 5, 6, 0, 0]);
        _given["w"] = zeros(12, 4);
        for (var row = 0; row < 9; row++)
        {
            for (var column = 0; column < 3; column++) _given["w"][row < 6 ? row : row + 2, column] = tensor(1f + (3 * row) + column);
        }
    }

    /// <summary>Places that no parameter has: of eight rows six, of four three, of four columns three.</summary>
    public static TheoryData<string, long[]> Places => new()
    {
        { "A_log", [6] },
        { "A_log", [7] },
        { "w", [6, 0] },
        { "w", [7, 3] },
        { "w", [0, 3] },
        { "w", [10, 3] },
        { "w", [11, 1] },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void What_is_used_is_loaded_and_zeros_are_written_again()
    {
        using var model = Loaded();
        Check(model);
        Proofs.Holds(model, _given);
        _scene.Exports(model, _given);
        foreach (var mode in PlacesScene.Modes)
        {
            PlacesScene.Refit(model, _given, mode);
            PlacesScene.Streamed(model, _given, mode);
            PlacesScene.Patch(model, "A_log", mode, (6, 0), (1, 20), (7, 0));
            Assert.Equal([1f, 20, 3, 4, 5, 6], PlacesScene.Values(model.ALog));
            PlacesScene.Patch(model, "A_log", mode, (1, 2));
            Check(model);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Ranks_merge_to_the_whole(int size)
    {
        var ranks = Enumerable.Range(0, size).Select(rank => new PaddedSources(new Topology(rank, size))).ToList();
        foreach (var rank in ranks)
        {
            _scene.Files.Load(rank, _given);
            Proofs.Holds(rank, _given);

            // What a rank writes it takes again, with the padding of its own slice, which must be zero, too.
            var folder = _scene.At($"{size}.{rank.Parameters.Topology.TensorRank}");
            rank.Export(folder);
            using var slices = Lanyard.Checkpoints.Checkpoint.Open(folder);
            foreach (var spoiled in new[] { false, true })
            {
                using var refit = rank.BeginRefit();
                foreach (var (name, stored) in slices.Tensors)
                {
                    var slice = slices.View(stored).clone();
                    if (spoiled && name == "A_log") slice[-1] = tensor(7f);
                    refit.WriteSlice(name, slice);
                }
                if (!spoiled) refit.Commit();
                else Assert.Equal((LoadProblemKind.WrongPadding, "A_log"), Assert.Throws<LoadException>(refit.Commit).Problems.Select(problem => (problem.Kind, problem.Tensor)).Single());
            }
        }
        _scene.Merges(ranks, _given);
        ranks.ForEach(rank => rank.Dispose());
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_value_in_the_tail_is_refused_with_its_place(string name, long[] place)
    {
        var wrong = _given.ToDictionary(item => item.Key, item => item.Value.clone());
        wrong[name][[.. place.Select(index => (TensorIndex)index)]] = tensor(3f);
        var at = $"3 at [{string.Join(", ", place)}]";
        using var model = Loaded();
        using var fresh = new PaddedSources().InitialisedByHand();
        var before = PlacesScene.Values(fresh.ALog);
        Refused(Assert.Throws<LoadException>(() => _scene.Files.Load(fresh, wrong)));
        Assert.Equal(ModelState.Building, fresh.Parameters.State);
        Assert.Equal(before, PlacesScene.Values(fresh.ALog));
        foreach (var mode in PlacesScene.Modes)
        {
            Refused(Assert.Throws<LoadException>(() => PlacesScene.Refit(model, wrong, mode)));
            if (mode == RefitMode.InPlace) _scene.Files.Load(model, _given);
            Refused(Assert.Throws<LoadException>(() => PlacesScene.Streamed(model, wrong, mode)));
            if (mode == RefitMode.InPlace) _scene.Files.Load(model, _given);
            using var refit = model.BeginRefit(mode);
            using var stored = _scene.Files.Stored(wrong);
            refit.Write(stored);
            Refused(Assert.Throws<LoadException>(refit.Commit));
            if (mode == RefitMode.InPlace) _scene.Files.Load(model, _given);
            var flat = place.Zip(wrong[name].shape).Aggregate(0L, (sum, index) => (sum * index.Second) + index.First);
            var patch = Assert.Single(Assert.Throws<LoadException>(() => PlacesScene.Patch(model, name, mode, (0, 1), (flat, 3))).Problems);
            Assert.Equal(LoadProblemKind.WrongPatch, patch.Kind);
            Assert.StartsWith(at, patch.Found, StringComparison.Ordinal);
            Check(model);
        }

        void Refused(LoadException refusal)
        {
            var problem = Assert.Single(refusal.Problems, problem => problem.Kind == LoadProblemKind.WrongPadding);
            Assert.Equal(name, problem.Tensor);
            Assert.Equal(at, problem.Found);
        }
    }

    private PaddedSources Loaded()
    {
        var model = new PaddedSources();
        _scene.Files.Load(model, _given);
        return model;
    }

    private static void Check(PaddedSources model)
    {
        Assert.Equal([1f, 2, 3, 4, 5, 6], PlacesScene.Values(model.ALog));
        Assert.Equal(Enumerable.Range(1, 27).Select(value => (float)value), PlacesScene.Values(model.Weight));
    }
}
