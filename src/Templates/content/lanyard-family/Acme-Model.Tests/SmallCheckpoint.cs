using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Acme.Models.Tests;

/// <summary>A checkpoint of random weights with the names that transformers writes. All its sizes differ, so that none can stand in for another.</summary>
internal static class SmallCheckpoint
{
    public const string Config = """
        {
          "model_type": "falcon",
          "architectures": ["FalconForCausalLM"],
          "dtype": "bfloat16",
          "vocab_size": 107,
          "hidden_size": 40,
          "intermediate_size": 56,
          "num_hidden_layers": 3,
          "num_attention_heads": 6,
          "num_key_value_heads": 3,
          "head_dim": 8
        }
        """;

    // Spelled out, and not asked of the classes: they are what is tested.
    private static readonly (string Name, long[] Shape)[] Layer =
    [
        ("input_layernorm.weight", [40]),
        ("self_attn.q_proj.weight", [48, 40]),
        ("self_attn.q_proj.bias", [48]),
        ("self_attn.k_proj.weight", [24, 40]),
        ("self_attn.k_proj.bias", [24]),
        ("self_attn.v_proj.weight", [24, 40]),
        ("self_attn.v_proj.bias", [24]),
        ("self_attn.o_proj.weight", [40, 48]),
        ("post_attention_layernorm.weight", [40]),
        ("mlp.gate_proj.weight", [56, 40]),
        ("mlp.up_proj.weight", [56, 40]),
        ("mlp.down_proj.weight", [40, 56]),
    ];

    private static IEnumerable<(string Name, long[] Shape)> Tensors =>
    [
        ("model.embed_tokens.weight", [107, 40]),
        .. Enumerable.Range(0, 3).SelectMany(layer => Layer.Select(tensor => ($"model.layers.{layer}.{tensor.Name}", tensor.Shape))),
        ("model.norm.weight", [40]),
        ("lm_head.weight", [107, 40]),
    ];

    /// <summary>Writes config.json and model.safetensors into a new folder.</summary>
    public static string Write(string folder, long seed)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config);
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        CheckpointWriter.Write(Path.Combine(folder, "model.safetensors"), Tensors.Select(tensor => (tensor.Name, randn(tensor.Shape, generator: random).to(ScalarType.BFloat16))).ToList());
        return folder;
    }
}
