using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Key and value heads that several query heads read.</summary>
public static class KeyHeads
{
    /// <summary>Repeats each key or value head that the rank holds for the query heads that it holds: [batch kv_heads tokens head_dim] to [batch heads tokens head_dim].</summary>
    /// <param name="heads">The key or value heads.</param>
    /// <param name="reads">For each query head of the rank, which of these it reads: <c>Parameters.Reads("heads", "kv_heads")</c>.</param>
    public static Tensor ForEachQuery(Tensor heads, ImmutableArray<long> reads)
    {
        var keys = heads.shape[1];
        if (reads.Length == keys && reads.Index().All(static one => one.Item == one.Index)) return heads;
        if (reads.Length % keys == 0 && reads.Index().All(one => one.Item == one.Index / (reads.Length / keys))) return heads.repeat_interleave(reads.Length / keys, dim: 1);
        using var places = tensor(reads.AsSpan().ToArray(), device: heads.device);
        return heads.index_select(1, places);
    }
}
