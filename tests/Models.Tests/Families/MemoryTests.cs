using Lanyard.Checkpoints;
using Lanyard.Models.DeepseekV3;
using Lanyard.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>What the process holds. These run alone, since other tests allocate too.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>What post-load makes of the projection of keys and values, 8 MiB here, is freed when the next is made.</summary>
    [Fact]
    public void Refits_free_what_was_absorbed_before()
    {
        using var scope = NewDisposeScope();
        var decoder = new DecoderConfig { VocabSize = 8, HiddenSize = 8, IntermediateSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 8, NumKeyValueHeads = 8, HeadDim = 2 };
        using var model = new DeepseekV3ForCausalLM(new LatentConfig
        {
            Mixture = new MixtureConfig { Decoder = decoder, NumExperts = 2, NumExpertsPerTok = 1, MoeIntermediateSize = 2, DenseLayers = [0] },
            QLoraRank = 2,
            KvLoraRank = 2048,
            QkNopeHeadDim = 64,
            VHeadDim = 64,
        }).OnRank().InitialisedByHand();
        using (no_grad()) foreach (var (_, parameter) in model.AllParameters().Where(static parameter => !parameter.Parameter.Entry.Sources.IsEmpty)) parameter.Value.zero_();
        var folder = Path.Combine(_folder.FullName, "weights");
        model.Export(folder);
        using var weights = Checkpoint.Open(folder);
        long Steps(int count)
        {
            var before = Environment.WorkingSet;
            for (var i = 0; i < count; i++)
            {
                using var refit = model.BeginRefit(i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged);
                refit.Write(weights);
                refit.Commit();
            }
            return Environment.WorkingSet - before;
        }

        Steps(10);
        var grown = Math.Min(Steps(40), Steps(40));
        Assert.True(grown < 64 << 20, $"the process grew by {grown:N0} bytes over 40 refits of 8 MiB each");
    }
}
