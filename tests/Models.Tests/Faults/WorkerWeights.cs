using Lanyard.Checkpoints;
using Lanyard.Faults;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Faults;

/// <summary>A Llama 4 of some megabytes for the worker, with two sets of weights.</summary>
internal static class WorkerWeights
{
    private const int Hidden = 128;
    private const int Intermediate = 192;
    private const int Vocab = 512;
    private const int Layers = 4;
    private const int Experts = 8;

    /// <summary>Writes the configuration and both sources.</summary>
    public static void Write(WorkerFolder folder)
    {
        File.WriteAllText(Path.Combine(folder.Root, "config.json"), $$"""
            {
              "model_type": "llama4_text", "hidden_size": {{Hidden}}, "intermediate_size": {{Intermediate}}, "intermediate_size_mlp": {{Intermediate}},
              "num_hidden_layers": {{Layers}}, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": {{Hidden / 4}}, "vocab_size": {{Vocab}},
              "num_experts_per_tok": 1, "num_local_experts": {{Experts}}, "interleave_moe_layer_step": 2
            }
            """);
        for (var side = 0; side < 2; side++)
        {
            using var scope = NewDisposeScope();
            CheckpointWriter.Write(folder.Source(side), Tensors(new Generator((ulong)side, CPU)));
        }
    }

    private static IEnumerable<(string Name, Tensor Value)> Tensors(Generator random)
    {
        Tensor Next(params long[] shape) => randn(shape, generator: random);
        yield return ("lm_head.weight", Next(Vocab, Hidden));
        yield return ("model.embed_tokens.weight", Next(Vocab, Hidden));
        yield return ("model.norm.weight", Next(Hidden));
        for (var layer = 0; layer < Layers; layer++)
        {
            var (attention, mlp) = ($"model.layers.{layer}.self_attn.", $"model.layers.{layer}.feed_forward.");
            yield return ($"model.layers.{layer}.input_layernorm.weight", Next(Hidden));
            yield return ($"model.layers.{layer}.post_attention_layernorm.weight", Next(Hidden));
            yield return ($"{attention}q_proj.weight", Next(Hidden, Hidden));
            yield return ($"{attention}k_proj.weight", Next(Hidden / 2, Hidden));
            yield return ($"{attention}v_proj.weight", Next(Hidden / 2, Hidden));
            yield return ($"{attention}o_proj.weight", Next(Hidden, Hidden));
            var dense = layer % 2 == 0 ? mlp : $"{mlp}shared_expert.";
            yield return ($"{dense}gate_proj.weight", Next(Intermediate, Hidden));
            yield return ($"{dense}up_proj.weight", Next(Intermediate, Hidden));
            yield return ($"{dense}down_proj.weight", Next(Hidden, Intermediate));
            if (layer % 2 == 0) continue;
            yield return ($"{mlp}router.weight", Next(Experts, Hidden));
            yield return ($"{mlp}experts.gate_up_proj", Next(Experts, Hidden, 2 * Intermediate));
            yield return ($"{mlp}experts.down_proj", Next(Experts, Intermediate, Hidden));
        }
    }
}
