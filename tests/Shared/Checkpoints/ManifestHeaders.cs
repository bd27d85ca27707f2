using System.Collections.Immutable;
using Lanyard.Checkpoints;

namespace Lanyard.Tests;

/// <summary>The tensors of a folded manifest as headers would describe them.</summary>
internal static class ManifestHeaders
{
    public static List<CheckpointTensor> Read(string path) => FoldedManifest.Read(path).ConvertAll(tensor =>
    {
        if (!CheckpointTypes.TryParse(tensor.Type, out var type)) throw new InvalidDataException($"{tensor.Name} has the type {tensor.Type}.");
        return new CheckpointTensor
        {
            Name = tensor.Name,
            DType = type,
            Shape = ImmutableArray.Create(tensor.Shape),
            File = "",
            Offset = 0,
            Length = type.Size() * tensor.Shape.Aggregate(1L, (count, size) => count * size),
        };
    });
}
