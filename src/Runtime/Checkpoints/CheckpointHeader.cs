namespace Lanyard.Checkpoints;

/// <summary>The header of one file: which tensors it has and where, checked against every rule of its format.</summary>
/// <param name="Tensors">The tensors by name, in the order of their bytes.</param>
internal sealed record CheckpointHeader(Dictionary<string, CheckpointTensor> Tensors)
{
    /// <summary>The <c>__metadata__</c> of a safetensors file, empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The metadata of a GGUF file.</summary>
    public IReadOnlyDictionary<string, MetadataValue> TypedMetadata { get; init; } = new Dictionary<string, MetadataValue>();

    /// <summary>Whether two headers say the same.</summary>
    public bool Same(CheckpointHeader other) =>
        Tensors.Values.SequenceEqual(other.Tensors.Values)
        && Metadata.Count == other.Metadata.Count && Metadata.All(pair => other.Metadata.TryGetValue(pair.Key, out string? value) && value == pair.Value)
        && TypedMetadata.Count == other.TypedMetadata.Count && TypedMetadata.All(pair => other.TypedMetadata.TryGetValue(pair.Key, out MetadataValue? value) && value.Same(pair.Value));

    /// <summary>Tensors by name, in the order of their bytes.</summary>
    public static Dictionary<string, CheckpointTensor> InOrder(IEnumerable<CheckpointTensor> tensors) =>
        tensors.Order(Comparer<CheckpointTensor>.Create(Compare)).ToDictionary(static tensor => tensor.Name, StringComparer.Ordinal);

    /// <summary>Which of two tensors of a file comes first. Names count last, so that the order of empty tensors at one place does not depend on the sort.</summary>
    public static int Compare(CheckpointTensor a, CheckpointTensor b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset)
        : a.Length != b.Length ? a.Length.CompareTo(b.Length)
        : string.CompareOrdinal(a.Name, b.Name);
}
