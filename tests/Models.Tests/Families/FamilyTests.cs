using Lanyard.Models.Layers;
using Lanyard.Models.Llama;
using Lanyard.Models.Mixtral;
using Lanyard.Models.Qwen2;
using Lanyard.Models.Qwen3;
using Lanyard.Models.Qwen3Moe;
using Lanyard.Testing;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Families;

/// <summary>Each family against the checkpoints that transformers wrote, as an author outside would check it.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData("llama3", "kv_heads = pair")]
    [InlineData("llama3-tied", "kv_heads = pair")]

    // The width of a head is that of the stream divided by the heads, whatever the configuration: that o_proj is not turned round, its logits tell.
    [InlineData("qwen2", "kv_heads = pair; hidden = (heads pair half); hidden = (heads half pair)")]
    [InlineData("qwen2-tied", "kv_heads = pair; hidden = (heads pair half); hidden = (heads half pair)")]
    [InlineData("qwen3", "")]
    [InlineData("mixtral", "hidden = (kv_heads pair half); hidden = (kv_heads half pair)")]
    [InlineData("qwen3-moe", "kv_heads = pair")]
    public void Each_release_loads_exports_refits_and_divides(string release, string alike)
    {
        var config = PretrainedConfig.Read(Fixtures.Path(release));
        var report = ModelTest.Check(topology => Make(release, config).OnRank(topology, torch.ScalarType.BFloat16), Fixtures.Path(release), new ModelTestOptions { Alike = [.. alike.Split("; ", StringSplitOptions.RemoveEmptyEntries)] });
        Assert.Empty(report.Notes);
    }

    private static DecoderForCausalLM Make(string release, PretrainedConfig config) => release switch
    {
        "llama3" or "llama3-tied" => LlamaForCausalLM.FromConfig(config),
        "qwen2" or "qwen2-tied" => Qwen2ForCausalLM.FromConfig(config),
        "qwen3" => Qwen3ForCausalLM.FromConfig(config),
        "mixtral" => MixtralForCausalLM.FromConfig(config),
        _ => Qwen3MoeForCausalLM.FromConfig(config),
    };
}
