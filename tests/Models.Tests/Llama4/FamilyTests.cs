using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Testing;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>What an author outside the repository would write: the family against the checkpoints that transformers wrote, in each of their forms.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData("llama4")]
    [InlineData("llama4-per-expert")]
    [InlineData("llama4-published", "vision_model.*", "multi_modal_projector.*")]
    public void Each_form_loads_exports_refits_and_divides(string form, params string[] leftOut)
    {
        var config = Llama4Config.Load(Fixtures.Path(form));
        var report = ModelTest.Check(
            topology => new Llama4ForCausalLM(config, topology, torch.ScalarType.BFloat16),
            Fixtures.Path(form),
            new ModelTestOptions { Ranks = [new Topology(0, 2, 0, 2), new Topology(0, 1, pipelineRank: 0, pipelineSize: 3)], LeftOut = [.. leftOut] });

        Assert.Contains("random values in format \"per-expert\"", report.Sets);
        Assert.Equal(report.Sets.Length * (4 + 3), report.Ranks);
        Assert.Empty(report.Notes);
    }

    [Theory]
    [InlineData("llama4")]
    [InlineData("llama4-per-expert")]
    [InlineData("llama4-published")]
    public void Each_form_computes_what_transformers_does(string form)
    {
        using var model = Llama4ForCausalLM.FromConfig(Fixtures.Path(form));
        using (var checkpoint = Checkpoint.Open(Fixtures.Path(form))) LoadPlan.Create(model, checkpoint).Execute();

        var differences = ModelTest.Outputs(Fixtures.Path("llama4", "expected.safetensors"), tensors =>
            [("logits", model.Logits(tensors["input_ids"])), .. model.Model.HiddenStates(tensors["input_ids"]).Select((state, i) => ($"hidden_states.{i}", state))]);
        Assert.Equal(6, differences.Count);
    }

    [Fact]
    public void Scout_has_the_tensors_of_its_list()
    {
        var config = Llama4Config.FromFile(Fixtures.Path("manifests", "llama-4-scout-17b-16e-instruct.config.json"));
        var report = ModelTest.Check(
            topology => new Llama4ForCausalLM(config, topology, torch.ScalarType.BFloat16, torch.META),
            Fixtures.Path("manifests", "llama-4-scout-17b-16e-instruct.tensors.json"),
            new ModelTestOptions { SizesMayBeEqual = true, LeftOut = ["vision_model.*", "multi_modal_projector.*"] });
        Assert.Empty(report.Sets);
    }
}
