using Lanyard.Checkpoints;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>The sizes of a model, from the metadata of its file.</summary>
public sealed record GgufSizes(int Layers, int Hidden, int Intermediate, int ExpertIntermediate, int Heads, int KvHeads, int HeadDim, int Vocab, int Experts, bool HasHeadNorms)
{
    public static GgufSizes Of(Checkpoint checkpoint)
    {
        var metadata = checkpoint.TypedMetadata;
        var architecture = metadata["general.architecture"].Text;
        int Size(string key) => metadata[$"{architecture}.{key}"].Integer<int>();
        int OptionalSize(string key, int otherwise) => metadata.TryGetValue($"{architecture}.{key}", out var value) ? value.Integer<int>() : otherwise;
        return new GgufSizes(
            Size("block_count"),
            Size("embedding_length"),
            Size("feed_forward_length"),
            OptionalSize("expert_feed_forward_length", Size("feed_forward_length")),
            Size("attention.head_count"),
            Size("attention.head_count_kv"),
            Size("attention.key_length"),
            Size("vocab_size"),
            OptionalSize("expert_count", 0),
            checkpoint.Tensors.ContainsKey("blk.0.attn_q_norm.weight"));
    }
}
