namespace Lanyard.Models.DeepseekV4;

/// <summary>What attention sees beyond its window.</summary>
public enum DeepseekV4Compression
{
    /// <summary>Nothing: <c>sliding_attention</c>.</summary>
    None,

    /// <summary>Entries of short windows that overlap, of which an indexer chooses: <c>compressed_sparse_attention</c>.</summary>
    Sparse,

    /// <summary>Entries of long windows: <c>heavily_compressed_attention</c>.</summary>
    Heavy,
}
