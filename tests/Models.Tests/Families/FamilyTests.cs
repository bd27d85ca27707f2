using System.Collections.Immutable;
using Lanyard.Models.DeepseekV3;
using Lanyard.Models.DeepseekV4;
using Lanyard.Models.Gemma4;
using Lanyard.Models.GlmMoeDsa;
using Lanyard.Models.Layers;
using Lanyard.Models.Llama;
using Lanyard.Models.Mixtral;
using Lanyard.Models.NemotronH;
using Lanyard.Models.Qwen2;
using Lanyard.Models.Qwen3;
using Lanyard.Models.Qwen35;
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

    [InlineData("qwen3-5", "")]
    [InlineData("qwen3-5-published", "")]
    [InlineData("deepseek-v4", "")]
    [InlineData("deepseek-v4-quantised", "")]
    [InlineData("gemma4", "")]
    [InlineData("gemma4-published", "")]
    [InlineData("gemma4-moe", "")]
    [InlineData("gemma4-moe-published", "")]
    [InlineData("qwen3-5-moe-published", "")]
    [InlineData("nemotron-h", "kv_heads = pair")]
    [InlineData("qwen3-5-moe-published-per-expert", "")]
    [InlineData("deepseek-v3", "half = heads")]
    [InlineData("deepseek-v3-fp8", "")]
    [InlineData("glm-moe-dsa", "")]
    [InlineData("glm-moe-dsa-shared", "")]
    public void Each_release_loads_exports_refits_and_divides(string release, string alike)
    {
        Action<string, string> check = release switch
        {
            "llama3" or "llama3-tied" => Check<LlamaForCausalLM>,
            "qwen2" or "qwen2-tied" => Check<Qwen2ForCausalLM>,
            "qwen3" => Check<Qwen3ForCausalLM>,
            "nemotron-h" => Check<NemotronHForCausalLM>,
            "mixtral" => Check<MixtralForCausalLM>,
            "deepseek-v4" or "deepseek-v4-quantised" => Check<DeepseekV4ForCausalLM>,
            "gemma4" or "gemma4-published" or "gemma4-moe" or "gemma4-moe-published" => Check<Gemma4ForCausalLM>,
            var name when name.StartsWith("qwen3-5", StringComparison.Ordinal) => Check<Qwen35ForCausalLM>,
            "deepseek-v3" or "deepseek-v3-fp8" => Check<DeepseekV3ForCausalLM>,
            "glm-moe-dsa" or "glm-moe-dsa-shared" => Check<GlmMoeDsaForCausalLM>,
            _ => Check<Qwen3MoeForCausalLM>,
        };
        check(release, alike);
    }

    private static ImmutableArray<Topology> RanksOf(string release) => release switch
    {
        // Topologies that both 4 heads and 9 divide there are none.
        "qwen3-5" or "qwen3-5-published" => [],

        // Groups of heads are 3 and 2.
        "deepseek-v4" => [new Topology(0, 3), new Topology(2, 3, 1, 2)],
        "deepseek-v4-quantised" => [new Topology(1, 2), new Topology(0, 2, 1, 2)],
        "deepseek-v3-fp8" => [new Topology(0, 3)],
        "glm-moe-dsa" or "glm-moe-dsa-shared" => [new Topology(0, 5)],
        _ => default,
    };

    private static void Check<T>(string release, string alike)
        where T : CausalLM, IModelFamily<T>, ICausalLM
    {
        var config = PretrainedConfig.Read(Fixtures.Path(release));
        var options = new ModelTestOptions { Ranks = RanksOf(release), Alike = [.. alike.Split("; ", StringSplitOptions.RemoveEmptyEntries)], LeftOut = LeftOut(release) };
        var report = ModelTest.Check(topology => T.FromConfig(config).OnRank(topology, torch.ScalarType.BFloat16), Fixtures.Path(release), options);

        // Of a text model alone the names are of a convention, and only whole refits are tried.
        Assert.All(report.Notes, note => Assert.Contains("they have names of a convention", note, StringComparison.Ordinal));
        Assert.Equal(release is "qwen3-5" or "gemma4" or "gemma4-moe", report.Notes.Length == 1);
    }

    private static ImmutableArray<string> LeftOut(string release) => release switch
    {
        "qwen3-5-published" or "qwen3-5-moe-published" or "qwen3-5-moe-published-per-expert" => ["model.visual.*", "mtp.*"],
        "deepseek-v4" or "deepseek-v4-quantised" => ["mtp.*"],
        "gemma4-published" =>
        [
            "model.vision_tower.*", "model.embed_vision.*", "model.audio_tower.*", "model.embed_audio.*",
            .. from layer in new[] { 3, 4 } from name in new[] { "k_proj", "v_proj", "k_norm" } select $"model.language_model.layers.{layer}.self_attn.{name}.weight",
        ],
        "gemma4-moe-published" => ["model.vision_tower.*", "model.embed_vision.*"],
        "deepseek-v3-fp8" or "glm-moe-dsa" => ["model.layers.3.**"],
        "glm-moe-dsa-shared" => ["model.layers.6.**"],
        _ => [],
    };
}
