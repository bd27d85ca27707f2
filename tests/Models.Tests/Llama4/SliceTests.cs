using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>Ranks that share heads and divide experts unevenly are refitted from their own slices.</summary>
public sealed class SliceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lanyard-slices-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("per-expert")]
    public void Slices_of_every_rank_give_what_the_whole_checkpoint_gives(string? format)
    {
        var config = Llama4Config.Load(Fixtures.Path("llama4"));
        var (tensor, expert) = (config.NumKeyValueHeads * 2, 2);
        for (var rank = 0; rank < tensor * expert; rank++)
        {
            var topology = new Topology(rank % tensor, tensor, rank / tensor, expert);
            using Llama4ForCausalLM expected = Loaded(config, topology), model = Loaded(config, topology);
            using (var trainer = Checkpoint.Open(Fixtures.Path("llama4", "refit")))
            using (var refit = expected.BeginRefit())
            {
                refit.Write(trainer);
                refit.Commit();
            }
            var (before, after) = (Path.Combine(_directory, $"{rank}-before"), Path.Combine(_directory, $"{rank}-after"));
            var options = new ExportOptions { Type = torch.ScalarType.BFloat16, Format = format };
            expected.Export(before, options);

            using (var slices = Checkpoint.Open(before))
            using (var refit = model.BeginRefit(rank % 2 == 0 ? RefitMode.Staged : RefitMode.InPlace))
            {
                foreach (var stored in slices.Tensors.Values)
                {
                    using var slice = slices.View(stored);
                    refit.WriteSlice(stored.Name, slice);
                }
                refit.Commit();
            }

            model.Export(after, options);
            Assert.Equal(File.ReadAllBytes(Path.Combine(before, "model.safetensors")), File.ReadAllBytes(Path.Combine(after, "model.safetensors")));
            foreach (var ((name, one), (_, other)) in expected.AllParameters().Zip(model.AllParameters())) Assert.True(one.Value.Equals(other.Value), name);
        }
    }

    private static Llama4ForCausalLM Loaded(Llama4Config config, Topology topology)
    {
        var model = new Llama4ForCausalLM(config, topology);
        using var checkpoint = Checkpoint.Open(Fixtures.Path("llama4"));
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }
}
