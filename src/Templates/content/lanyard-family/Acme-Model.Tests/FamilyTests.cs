using Lanyard;
using Lanyard.Checkpoints;
using Lanyard.Testing;
using static TorchSharp.torch;

namespace Acme.Models.Tests;

public sealed class FamilyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_loads_exports_refits_and_divides_over_ranks()
    {
        var config = FalconConfig.Read(SmallCheckpoint.Config, "small", FalconForCausalLM.ModelTypes);
        ModelTest.Check(topology => new FalconForCausalLM(config).OnRank(topology, ScalarType.BFloat16), Written(seed: 1));
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_checkpoint_goes_through_a_refit_and_comes_back_with_the_same_bits(RefitMode mode)
    {
        var (first, second) = (Written(seed: 1), Written(seed: 2));

        using var model = AutoModel.FromPretrained<FalconForCausalLM>(first);
        AssertSame(first, Exported(model));

        using (var checkpoint = Checkpoint.Open(second))
        using (var refit = model.BeginRefit(mode))
        {
            refit.Write(checkpoint);
            refit.Commit();
        }
        AssertSame(second, Exported(model));
    }

    [Theory]
    [InlineData("\"hidden_act\": \"gelu\"", "hidden_act")]
    [InlineData("\"rope_scaling\": { \"rope_type\": \"yarn\", \"factor\": 4 }", "rope_scaling.rope_type")]
    [InlineData("\"sliding_window\": 4096", "sliding_window")]
    public void What_the_classes_do_not_compute_is_refused(string key, string named)
    {
        var exception = Assert.Throws<Lanyard.ConfigException>(() => FalconConfig.Read(SmallCheckpoint.Config.Replace("\"head_dim\": 8", "\"head_dim\": 8, " + key), "small", FalconForCausalLM.ModelTypes));
        Assert.Contains(named, exception.Message);
    }

    private static void AssertSame(string expected, string actual)
    {
        using var one = Checkpoint.Open(expected);
        using var other = Checkpoint.Open(actual);
        Assert.Equal(one.Tensors.Keys.Order(), other.Tensors.Keys.Order());
        foreach (var name in one.Tensors.Keys)
        {
            using var scope = NewDisposeScope();
            Assert.True(one[name].bytes.SequenceEqual(other[name].bytes), name);
        }
    }

    private string Written(long seed) => SmallCheckpoint.Write(Path.Combine(_folder.FullName, $"{seed}"), seed);

    private string Exported(FalconForCausalLM model)
    {
        var folder = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}");
        model.Export(folder);
        return folder;
    }
}
