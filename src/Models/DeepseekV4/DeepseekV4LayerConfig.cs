namespace Lanyard.Models.DeepseekV4;

/// <summary>What distinguishes one layer from another.</summary>
/// <param name="Compression">What its attention sees beyond its window.</param>
/// <param name="HasTable">Whether a table of tokens chooses its experts: <c>hash_moe</c>.</param>
public sealed record DeepseekV4LayerConfig(DeepseekV4Compression Compression, bool HasTable);
