using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>A Llama 4 whose sizes are all equal, written with the library's own writer in both formats: shapes can hide nothing here.</summary>
internal sealed class SquareCheckpoint : IDisposable
{
    public const int Size = 16;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-square-");

    public SquareCheckpoint()
    {
        using var scope = NewDisposeScope();
        var random = new Generator(17915, CPU);
        Tensor Next(params long[] shape) => torch.randn(shape, generator: random).Times(0.2).to_type(ScalarType.BFloat16);
        var fused = new Dictionary<string, Tensor>
        {
            ["lm_head.weight"] = Next(Size, Size),
            ["model.embed_tokens.weight"] = Next(Size, Size),
            ["model.norm.weight"] = Next(Size),
        };
        for (var layer = 0; layer < 2; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            foreach (var norm in new[] { "input_layernorm", "post_attention_layernorm" }) fused[$"{prefix}{norm}.weight"] = Next(Size);
            foreach (var projection in new[] { "q", "k", "v", "o" }) fused[$"{prefix}self_attn.{projection}_proj.weight"] = Next(Size, Size);
            var mlp = layer == 0 ? $"{prefix}feed_forward." : $"{prefix}feed_forward.shared_expert.";
            foreach (var projection in new[] { "gate", "up", "down" }) fused[$"{mlp}{projection}_proj.weight"] = Next(Size, Size);
        }
        fused["model.layers.1.feed_forward.router.weight"] = Next(Size, Size);
        fused["model.layers.1.feed_forward.experts.gate_up_proj"] = Next(Size, Size, 2 * Size);
        fused["model.layers.1.feed_forward.experts.down_proj"] = Next(Size, Size, Size);

        var perExpert = new Dictionary<string, Tensor>(fused);
        perExpert.Remove("model.layers.1.feed_forward.experts.gate_up_proj", out var gateUp);
        perExpert.Remove("model.layers.1.feed_forward.experts.down_proj", out var down);
        for (var e = 0; e < Size; e++)
        {
            var halves = gateUp![e].t().chunk(2, dim: 0);
            perExpert[$"model.layers.1.feed_forward.experts.{e}.gate_proj.weight"] = halves[0];
            perExpert[$"model.layers.1.feed_forward.experts.{e}.up_proj.weight"] = halves[1];
            perExpert[$"model.layers.1.feed_forward.experts.{e}.down_proj.weight"] = down![e].t();
        }
        (Fused, PerExpert) = (Write("fused", fused), Write("per-expert", perExpert));
    }

    public string Fused { get; }

    public string PerExpert { get; }

    public void Dispose() => _directory.Delete(recursive: true);

    private string Write(string name, Dictionary<string, Tensor> tensors)
    {
        var directory = _directory.CreateSubdirectory(name).FullName;
        CheckpointWriter.Write(Path.Combine(directory, "model.safetensors"), tensors.Select(item => (item.Key, item.Value)));
        File.WriteAllText(Path.Combine(directory, "config.json"), $$"""
            {
              "model_type": "llama4_text", "hidden_act": "silu", "hidden_size": {{Size}}, "intermediate_size": {{Size}}, "intermediate_size_mlp": {{Size}},
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 4, "head_dim": 4, "vocab_size": {{Size}},
              "max_position_embeddings": 64, "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "rope_scaling": null, "tie_word_embeddings": false,
              "attention_bias": false, "num_experts_per_tok": 1, "num_local_experts": {{Size}}, "interleave_moe_layer_step": 2, "use_qk_norm": true,
              "attention_chunk_size": 16, "attn_temperature_tuning": true, "floor_scale": 8, "attn_scale": 0.1, "no_rope_layers": [1, 0]
            }
            """);
        return directory;
    }
}
