using System.Text.RegularExpressions;
using Lanyard.Checkpoints;
using Lanyard.Models.DeepseekV3;
using Lanyard.Models.DeepseekV4;
using Lanyard.Models.Gemma4;
using Lanyard.Models.GlmMoeDsa;
using Lanyard.Models.GptOss;
using Lanyard.Models.Llama;
using Lanyard.Models.Llama4;
using Lanyard.Models.MiniMaxM2;
using Lanyard.Models.Mixtral;
using Lanyard.Models.NemotronH;
using Lanyard.Models.Qwen2;
using Lanyard.Models.Qwen3;
using Lanyard.Models.Qwen35;
using Lanyard.Models.Qwen3Moe;
using Lanyard.Tests;
using TorchSharp;

namespace Lanyard.Models.Tests.Families;

/// <summary>The maps against the tensor lists of published checkpoints, on the meta device.</summary>
public sealed partial class ManifestTests
{
    [Theory]
    [InlineData("llama-2-7b", 323, "1x1 8x1 16x1")]
    [InlineData("llama-3.1-8b", 291, "1x1 8x1 16x1")]
    [InlineData("qwen2.5-7b-instruct", 339, "1x1 4x1 2x1")]
    [InlineData("qwen3-8b", 399, "1x1 8x1 16x1")]
    [InlineData("mixtral-8x7b", 995, "1x1 16x1 2x32")]
    [InlineData("qwen3-235b-a22b", 36_945, "1x1 8x1 4x32")]
    [InlineData("gpt-oss-20b", 459, "1x1 8x1 16x8")]
    [InlineData("minimax-m2", 96_103, "1x1 8x1 4x32")]
    [InlineData("qwen3.5-0.8b", 488, "1x1 2x1 8x1")]
    [InlineData("qwen3.5-35b-a3b", 1_811, "1x1 16x1 2x32")]
    [InlineData("deepseek-v4-flash", 69_187, "1x1 8x1 4x32")]
    [InlineData("nemotron-3-nano-30b-a3b-bf16", 6_243, "1x1 16x1 4x8")]
    [InlineData("nemotron-3-nano-30b-a3b-nvfp4", 24_147, "1x1 16x1 8x32")]
    [InlineData("gemma-4-e2b-it", 2_011, "1x1 8x1 4x8")]
    [InlineData("gemma-4-26b-a4b", 1_013, "1x1 16x1 8x32")]
    [InlineData("nemotron-h-8b-base-8k", 311, "1x1 16x1")]
    [InlineData("moonlight-16b-a3b", 5_317, "1x1 16x1 2x32")]
    [InlineData("deepseek-v3", 91_991, "1x1 16x1 8x32")]
    [InlineData("glm-5.2", 59_585, "1x1 16x1 8x32")]
    public void A_published_list_is_described_whole(string list, int count, string topologies)
    {
        var headers = ManifestHeaders.Read(Fixtures.Path("manifests", $"{list}.tensors.json"));
        Assert.Equal(count, headers.Count);
        foreach (var (tensorSize, expertSize) in topologies.Split(' ').Select(text => text.Split('x')).Select(sizes => (int.Parse(sizes[0]), int.Parse(sizes[1]))))
        {
            using var model = Make(list).OnRank(new Topology(tensorSize - 1, tensorSize, expertSize - 1, expertSize), TypeOf(list), torch.META);
            var estimate = LoadPlan.Check(model, headers);
            var taken = headers.Where(header => !LeftAlone.Contains(list, header.Name)).ToList();
            var experts = taken.Where(header => OneExpert().IsMatch(header.Name)).ToList();

            // What comes in once where the ranks add up is the first one's.
            var first = tensorSize == 1 ? 0 : taken.Count(header => header.Name.EndsWith(".o_proj.bias", StringComparison.Ordinal) || header.Name.EndsWith(".down_proj_bias", StringComparison.Ordinal));
            if (experts.Count == 0 || expertSize == 1) Assert.Equal(taken.Count - first, estimate.Tensors);
            else Assert.InRange(estimate.Tensors, taken.Count - experts.Count, taken.Count);
        }
    }

    /// <summary>Every published list, with the tensor-parallel sizes that its axes do not divide.</summary>
    public static TheoryData<string, string> Lists => new()
    {
        { "llama-2-7b", "" },
        { "llama-3.1-8b", "" },
        { "llama-4-maverick-17b-128e-instruct", "16: heads" },
        { "llama-4-scout-17b-16e-instruct", "16: heads" },
        { "qwen2.5-7b-instruct", "8: heads, 16: heads" },
        { "qwen3-8b", "" },
        { "mixtral-8x7b", "" },
        { "qwen3-235b-a22b", "" },
        { "gpt-oss-20b", "" },
        { "minimax-m2", "" },
        { "qwen3.5-0.8b", "16: heads" },
        { "qwen3.5-35b-a3b", "" },
        { "qwen3.5-35b-a3b-gptq-int4", "" },
        { "qwen3.5-122b-a10b-fp8", "" },
        { "qwen3.5-122b-a10b-nvfp4", "" },
        { "nemotron-h-8b-base-8k", "" },
        { "nemotron-3-nano-30b-a3b-bf16", "" },
        { "nemotron-3-nano-30b-a3b-nvfp4", "" },
        { "nemotron-3-super-120b-a12b-nvfp4", "" },
        { "gemma-4-e2b-it", "16: heads" },
        { "gemma-4-26b-a4b", "" },
        { "moonlight-16b-a3b", "" },
        { "deepseek-v3", "" },
        { "deepseek-v3.2", "" },
        { "kimi-k2.5", "" },
        { "deepseek-v4-flash", "16: groups" },
        { "glm-5.2", "" },
        { "glm-5.2-fp8", "" },
    };

    /// <summary>Of the whole product of sizes one, without LANYARD_TOPOLOGIES=all; on its first, its last and a rank between.</summary>
    [Theory]
    [MemberData(nameof(Lists))]
    public void Every_topology_that_divides_plans_and_others_are_refused_by_name(string list, string refused)
    {
        var headers = ManifestHeaders.Read(Fixtures.Path("manifests", $"{list}.tensors.json"));
        var reasons = refused.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(": ")).ToDictionary(parts => int.Parse(parts[0]), parts => parts[1]);
        var isWhole = Environment.GetEnvironmentVariable("LANYARD_TOPOLOGIES") == "all";
        foreach (var (tensorSize, expertSize) in from tensor in new[] { 1, 2, 4, 8, 16 } from expert in new[] { 1, 8, 32 } where isWhole || (tensor, expert) == (2, 8) select (tensor, expert))
        {
            foreach (var share in isWhole ? new[] { 0, 0.6, 1 } : [0.6])
            {
                var topology = new Topology((int)(share * (tensorSize - 1)), tensorSize, (int)(share * (expertSize - 1)), expertSize);
                var model = Make(list);
                if (reasons.TryGetValue(tensorSize, out var axis))
                {
                    var error = Assert.Throws<ArgumentException>(() => model.OnRank(topology, TypeOf(list), torch.META));
                    Assert.Matches($"{axis} of size [0-9]+ does not divide over {tensorSize} tensor-parallel ranks", error.Message);
                    break;
                }
                using (model) LoadPlan.Check(model.OnRank(topology, TypeOf(list), torch.META), headers);
            }
        }
    }

    [Fact]
    public void Heads_that_do_not_divide_are_refused_with_their_number() =>
        Assert.Contains("heads of size 28 does not divide over 8 tensor-parallel ranks", Assert.Throws<ArgumentException>(() => Make("qwen2.5-7b-instruct").OnRank(new Topology(0, 8), torch.ScalarType.BFloat16, torch.META)).Message, StringComparison.Ordinal);

    // All experts in one tensor are there in part on each rank.
    [GeneratedRegex(@"\.experts\.\d")]
    private static partial Regex OneExpert();

    // A model takes no type that it would have to round.
    private static torch.ScalarType TypeOf(string list) => list == "llama-2-7b" ? torch.ScalarType.Float16 : torch.ScalarType.BFloat16;

    private static ICausalLM Make(string list)
    {
        var config = PretrainedConfig.Read(Fixtures.Path("manifests", $"{list}.config.json"));
        return list switch
        {
            "llama-2-7b" or "llama-3.1-8b" => LlamaForCausalLM.FromConfig(config),
            "qwen2.5-7b-instruct" => Qwen2ForCausalLM.FromConfig(config),
            "llama-4-maverick-17b-128e-instruct" or "llama-4-scout-17b-16e-instruct" => Llama4ForCausalLM.FromConfig(config),
            "qwen3-8b" => Qwen3ForCausalLM.FromConfig(config),
            "deepseek-v4-flash" => DeepseekV4ForCausalLM.FromConfig(config),
            "gemma-4-e2b-it" or "gemma-4-26b-a4b" => Gemma4ForCausalLM.FromConfig(config),
            "gpt-oss-20b" => GptOssForCausalLM.FromConfig(config),
            var name when name.StartsWith("qwen3.5", StringComparison.Ordinal) => Qwen35ForCausalLM.FromConfig(config),
            "deepseek-v3" or "moonlight-16b-a3b" => DeepseekV3ForCausalLM.FromConfig(config),
            "deepseek-v3.2" => DeepseekV32ForCausalLM.FromConfig(config),
            "kimi-k2.5" => KimiK25ForCausalLM.FromConfig(config),
            "glm-5.2" or "glm-5.2-fp8" => GlmMoeDsaForCausalLM.FromConfig(config),
            "minimax-m2" => MiniMaxM2ForCausalLM.FromConfig(config),
            var name when name.StartsWith("nemotron-", StringComparison.Ordinal) => NemotronHForCausalLM.FromConfig(config),
            "mixtral-8x7b" => MixtralForCausalLM.FromConfig(config),
            _ => Qwen3MoeForCausalLM.FromConfig(config),
        };
    }
}
