using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>The checkpoints that transformers wrote come back from a float32 model with padded experts, bit for bit, whichever form was loaded.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lanyard-export-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("llama4", "llama4", null, false)]
    [InlineData("llama4-per-expert", "llama4", null, false)]
    [InlineData("llama4-published", "llama4", null, false)]
    [InlineData("llama4", "llama4-per-expert", "per-expert", false)]
    [InlineData("llama4-per-expert", "llama4-per-expert", "per-expert", false)]
    [InlineData("llama4", "llama4-published", null, true)]
    [InlineData("llama4-published", "llama4-published", null, true)]
    public void Each_form_is_exported_from_each(string loaded, string exported, string? format, bool prefix)
    {
        using var model = Load(Fixtures.Path(loaded), Fixtures.Path(loaded));
        var report = model.Export(_directory, new ExportOptions { Type = ScalarType.BFloat16, Format = format, Prefix = prefix });
        Assert.Empty(report.Lossy);
        using Checkpoint expected = Checkpoint.Open(Fixtures.Path(exported)), found = Checkpoint.Open(_directory);
        Assert.Equal(Bits(expected).Where(tensor => !IsVision(tensor.Name)), Bits(found));
        Assert.Equal(expected.Metadata, found.Metadata);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("per-expert")]
    public void What_was_exported_after_a_refit_computes_the_same_logits(string? format)
    {
        using var model = Load(Fixtures.Path("llama4"), Fixtures.Path("llama4"));
        using (var trainer = Checkpoint.Open(Fixtures.Path("llama4", "refit")))
        using (var refit = model.BeginRefit())
        {
            refit.Write(trainer);
            refit.Commit();
        }
        using var ids = torch.arange(1, 15, dtype: ScalarType.Int64).reshape(1, -1);
        using var before = model.Logits(ids);
        model.Export(_directory, new ExportOptions { Format = format, MaxFileBytes = 100_000 });
        using var after = model.Logits(ids);
        using var again = Load(Fixtures.Path("llama4"), _directory);
        using var read = again.Logits(ids);
        Assert.True(before.bytes.SequenceEqual(after.bytes));
        Assert.True(before.bytes.SequenceEqual(read.bytes));
    }

    [Fact]
    public void Ranks_that_share_heads_and_divide_experts_unevenly_merge_to_the_checkpoint()
    {
        var config = Llama4Config.Load(Fixtures.Path("llama4"));
        var (tensor, expert) = (config.NumKeyValueHeads * 2, 2);
        var ranks = new List<string>();
        for (var rank = 0; rank < tensor * expert; rank++)
        {
            using var model = new Llama4ForCausalLM(config, new Topology(rank % tensor, tensor, rank / tensor, expert));
            using (var checkpoint = Checkpoint.Open(Fixtures.Path("llama4"))) LoadPlan.Create(model, checkpoint).Execute();
            ranks.Add(Path.Combine(_directory, $"rank-{rank}"));
            model.Export(ranks[^1], new ExportOptions { Type = ScalarType.BFloat16 });
        }
        var whole = Path.Combine(_directory, "whole");
        CheckpointMerge.Merge(ranks, whole);
        Assert.Equal(File.ReadAllBytes(Fixtures.Path("llama4", "model.safetensors")), File.ReadAllBytes(Path.Combine(whole, "model.safetensors")));
    }

    private static bool IsVision(string name) => name.StartsWith("vision_model.", StringComparison.Ordinal) || name.StartsWith("multi_modal_projector.", StringComparison.Ordinal);

    private static Llama4ForCausalLM Load(string config, string weights)
    {
        var model = Llama4ForCausalLM.FromConfig(config);
        using var checkpoint = Checkpoint.Open(weights);
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }

    private static List<(string Name, CheckpointType Type, string Shape, string Bits)> Bits(Checkpoint checkpoint) =>
        [.. checkpoint.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor =>
        {
            var bytes = new byte[tensor.Length];
            checkpoint.Read(tensor, 0, bytes);
            return (tensor.Name, tensor.DType, string.Join(',', tensor.Shape), Convert.ToHexString(bytes));
        })];
}
