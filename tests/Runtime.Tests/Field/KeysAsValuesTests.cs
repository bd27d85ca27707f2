using Lanyard.Tests.Checksums;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>One stored tensor for two parts of a parameter and for another parameter: every place is written, patched and proven, and it goes out once.</summary>
public sealed class KeysAsValuesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PlacesScene _scene = new();
    private readonly Dictionary<string, Tensor> _given = new() { ["k_proj.weight"] = arange(1, 13, ScalarType.Float32).reshape(4, 3) };

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_place_has_the_element_and_it_is_written_once(int size)
    {
        var ranks = Enumerable.Range(0, size).Select(rank => new KeysAsValues(new Topology(rank, size))).ToList();
        foreach (var rank in ranks)
        {
            _scene.Files.Load(rank, _given);
            Check(rank, _given["k_proj.weight"]);
            foreach (var mode in PlacesScene.Modes)
            {
                using (no_grad()) rank.KeyValue.zero_();
                PlacesScene.Refit(rank, _given, mode);
                Check(rank, _given["k_proj.weight"]);
                PlacesScene.Streamed(rank, _given, mode);
                Check(rank, _given["k_proj.weight"]);
                PlacesScene.Patch(rank, "k_proj.weight", mode, (0, 50), (11, 70));
                using var patched = _given["k_proj.weight"].clone();
                (patched[0, 0], patched[3, 2]) = (tensor(50f), tensor(70f));
                Check(rank, patched);
                PlacesScene.Refit(rank, _given, mode);
            }
        }
        _scene.Merges(ranks, _given);
        using (no_grad()) ranks[0].KeyValue[0, 0].fill_(9);
        var problem = Assert.Single(_scene.NotExported(ranks[0]).Problems);
        Assert.Equal((ExportProblemKind.Overlap, "k_proj.weight"), (problem.Kind, problem.Name));
        Assert.Equal("key_value", Assert.Single(Proofs.Compare(ranks[0], _given).Differing).Parameter);
        ranks.ForEach(rank => rank.Dispose());
    }

    [Fact]
    public void A_tensor_of_its_own_beside_it_must_agree()
    {
        using var model = new KeysAsValues();
        _given["v_proj.weight"] = _given["k_proj.weight"].clone();
        _scene.Files.Load(model, _given);
        Check(model, _given["k_proj.weight"]);
        foreach (var mode in PlacesScene.Modes) PlacesScene.Refit(model, _given, mode);
        PlacesScene.Refit(model, _given.Where(tensor => tensor.Key == "v_proj.weight"), RefitMode.Staged);
        Proofs.Holds(model, _given);

        _given["v_proj.weight"][1, 1] = tensor(8f);
        using var fresh = new KeysAsValues();
        var refusal = Assert.Throws<LoadException>(() => _scene.Files.Load(fresh, _given));
        Assert.Equal((LoadProblemKind.TiedDiffer, "k_proj.weight"), refusal.Problems.Select(problem => (problem.Kind, problem.Tensor)).Single());
        Assert.Equal(ModelState.Building, fresh.Parameters.State);
    }

    /// <summary>Compares every element of every place, one by one.</summary>
    private static void Check(KeysAsValues model, Tensor stored)
    {
        var (heads, first) = ((int)model.Turned.shape[0], model.Parameters.Topology.TensorRank * (int)model.Turned.shape[0]);
        for (var head = 0; head < heads; head++)
        {
            for (var dim = 0; dim < 2; dim++)
            {
                for (var hidden = 0; hidden < 3; hidden++)
                {
                    var expected = stored[((first + head) * 2) + dim, hidden].ReadDouble();
                    Assert.Equal(expected, model.KeyValue[hidden, (head * 2) + dim].ReadDouble());
                    Assert.Equal(expected, model.KeyValue[hidden, (heads * 2) + (head * 2) + dim].ReadDouble());
                    Assert.Equal(expected, model.Turned[head, hidden, dim].ReadDouble());
                }
            }
        }
        using var held = stored.clone();
        Proofs.Holds(model, [KeyValuePair.Create("k_proj.weight", held)]);
    }
}
