using Lanyard.Models.Layers;
using Lanyard.Models.Llama;

namespace Lanyard.Benchmarks;

/// <summary>A Llama of 135M parameters, in 272 tensors: 30 layers of nine, an embedding that is the head as well, and a norm.</summary>
internal static class SmallLlama
{
    public static DecoderConfig Config { get; } = new() { VocabSize = 49152, HiddenSize = 576, IntermediateSize = 1536, NumHiddenLayers = 30, NumAttentionHeads = 9, NumKeyValueHeads = 3, HeadDim = 64, TieWordEmbeddings = true };

    /// <summary>Writes the model as it is published, in bfloat16.</summary>
    /// <param name="model">The model, in that type.</param>
    /// <param name="folder">A folder that is not there yet.</param>
    public static void Write(LlamaForCausalLM model, string folder)
    {
        model.Export(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": {{Config.HiddenSize}}, "intermediate_size": {{Config.IntermediateSize}}, "num_hidden_layers": {{Config.NumHiddenLayers}},
             "num_attention_heads": {{Config.NumAttentionHeads}}, "num_key_value_heads": {{Config.NumKeyValueHeads}}, "vocab_size": {{Config.VocabSize}}, "tie_word_embeddings": true, "torch_dtype": "bfloat16"}
            """);
    }
}
