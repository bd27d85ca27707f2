using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>Pipeline stages have some of the layers each, and compute together what the whole model computes.</summary>
public sealed class StageTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lanyard-stages-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void Stages_compute_and_export_what_the_whole_model_does(int stages, bool uneven)
    {
        using var scope = NewDisposeScope();
        var config = Llama4Config.Load(Fixtures.Path("llama4"));
        var ids = torch.arange(1, 15, dtype: ScalarType.Int64).reshape(1, -1);
        using var whole = Loaded(config, Topology.Single);
        var (expected, found, ranks) = (whole.Logits(ids), ids, new List<string>());
        using var noGrad = no_grad();
        for (var stage = 0; stage < stages; stage++)
        {
            var topology = new Topology(0, 1, pipelineRank: stage, pipelineSize: stages) { LayersOfStages = uneven ? [config.Layers.Length, 0] : [] };
            using var model = Loaded(config, topology);
            Assert.Throws<NotSupportedException>(() => model.call(ids));
            found = model.RunStage(found);
            ranks.Add(Path.Combine(_directory, $"{stage}"));
            model.Export(ranks[^1]);
        }
        Assert.True(expected.Equals(found));
        CheckpointMerge.Merge(ranks, Path.Combine(_directory, "merged"));
        whole.Export(Path.Combine(_directory, "whole"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_directory, "whole", "model.safetensors")), File.ReadAllBytes(Path.Combine(_directory, "merged", "model.safetensors")));
    }

    private static Llama4ForCausalLM Loaded(Llama4Config config, Topology topology)
    {
        var model = new Llama4ForCausalLM(config, topology);
        using var checkpoint = Checkpoint.Open(Fixtures.Path("llama4"));
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }
}
