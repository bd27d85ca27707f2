using Acme.Models;
using Lanyard.Checkpoints;
using Lanyard.Testing;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Qwen3;

/// <summary>Qwen3 as the page on a model of one's own shows it, of the layers that the template has for Qwen2.</summary>
public sealed class Qwen3Tests
{
    private const string Release = "qwen3";

    [Theory]
    [InlineData("")]
    [InlineData("refit")]
    public void Logits_are_those_of_the_reference(string folder)
    {
        using var model = AutoModel.FromPretrained<Qwen3ForCausalLM>(Fixtures.Path(Release, folder), new PretrainedOptions { Type = torch.ScalarType.Float32 });
        using var expected = ExpectedOutputs.Read(Fixtures.Path(Release, folder));
        using var _ = torch.no_grad();
        using var logits = model.call(expected.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, expected.Logits), 0, 1e-4);
    }

    [Fact]
    public void It_loads_exports_and_refits() =>
        Assert.Empty(ModelTest.Check(topology => Make(Config(Release)).OnRank(topology, torch.ScalarType.BFloat16), Fixtures.Path(Release), new ModelTestOptions { Ranks = [] }).Notes);

    [Fact]
    public void It_divides_over_ranks_where_its_sizes_do() =>
        Assert.Empty(ModelTest.Check(
            topology => Make(Config(Release)).OnRank(topology, torch.ScalarType.BFloat16),
            new ModelTestOptions { Ranks = [new Topology(0, 2)] }).Notes);

    [Fact]
    public void Attention_with_norms_takes_no_checkpoint_without_them()
    {
        using var model = Make(Config("qwen2")).OnRank(type: torch.ScalarType.BFloat16);
        using var checkpoint = Checkpoint.Open(Fixtures.Path("qwen2"));
        var message = Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint)).Message;
        Assert.Contains("missing", message, StringComparison.Ordinal);
        Assert.Contains("self_attn.q_norm.weight", message, StringComparison.Ordinal);
        Assert.Contains("self_attn.k_norm.weight", message, StringComparison.Ordinal);
    }

    /// <summary>Newer files have in an object what older ones have beside it.</summary>
    [Theory]
    [InlineData("\"partial_rotary_factor\": 0.5", "rope_parameters.partial_rotary_factor is 0.5")]
    [InlineData("\"full_attention\": {\"rope_theta\": 5000}", "rope_parameters.full_attention has a rotation of its own")]
    [InlineData("\"rope_type\": \"linear\"", "rope_parameters.rope_type is \"linear\"")]
    public void What_the_template_would_turn_otherwise_is_refused(string rotation, string message)
    {
        var json = File.ReadAllText(Fixtures.Path(Release, "config.json")).TrimEnd().TrimEnd('}') + $", \"rope_parameters\": {{{rotation}}}}}";
        Assert.Contains(message, Assert.Throws<ConfigException>(() => FalconConfig.Read(json, "config.json", [Release])).Message, StringComparison.Ordinal);
    }

    private static Qwen3ForCausalLM Make(FalconConfig config) => new(config);

    private static FalconConfig Config(string release)
    {
        var path = Fixtures.Path(release, "config.json");
        return FalconConfig.Read(File.ReadAllText(path), path, [release]);
    }
}
