using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>Key and value heads that several query heads read.</summary>
internal static class KeyHeads
{
    /// <summary>Repeats each key or value head that the rank holds for the query heads that it holds: [batch kv_heads tokens head_dim] to [batch heads tokens head_dim].</summary>
    /// <param name="parameters">Those of an attention with the axes <c>heads</c> and <c>kv_heads</c>.</param>
    /// <param name="heads">The key or value heads.</param>
    public static Tensor ForEachQuery(ParameterSet parameters, Tensor heads)
    {
        var (reads, keys) = (parameters.Reads("heads", "kv_heads"), heads.shape[1]);
        if (reads.Length == keys && reads.Index().All(static one => one.Item == one.Index)) return heads;
        return reads.Length % keys == 0 && reads.Index().All(one => one.Item == one.Index / (reads.Length / keys))
            ? heads.repeat_interleave(reads.Length / keys, dim: 1)
            : heads.index_select(1, tensor(reads.AsSpan().ToArray(), device: heads.device));
    }
}
