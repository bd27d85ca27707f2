using System.Runtime.CompilerServices;
using Lanyard.Checkpoints;

namespace Lanyard.Parts;

/// <summary>Which tensors of a checkpoint are slices that a rank has written. Each file says so of its own.</summary>
internal sealed class StoredSlices
{
    private static readonly ConditionalWeakTable<Checkpoint, StoredSlices> Read = [];

    private readonly Dictionary<(string File, string Name), TensorSlice> _slices = [];

    /// <exception cref="CheckpointException">What a file says cannot be understood.</exception>
    private StoredSlices(Checkpoint checkpoint)
    {
        var read = new Dictionary<string, Dictionary<string, TensorSlice>>(StringComparer.Ordinal);
        foreach (var file in checkpoint.Tensors.Values.GroupBy(tensor => tensor.File))
        {
            if (SliceMetadata.SlicesOf(checkpoint.MetadataOf(file.First())) is not { } text) continue;
            try
            {
                // The files of one rank say the same.
                if (!read.TryGetValue(text, out var slices)) read.Add(text, slices = SliceMetadata.ReadSlices(text));
                foreach (var stored in file)
                {
                    if (slices.TryGetValue(stored.Name, out var slice) && !slice.IsWhole) _slices.Add((stored.File, stored.Name), slice);
                }
            }
            catch (FormatException error)
            {
                throw new CheckpointException(checkpoint.Path, $"{file.Key}: {error.Message}", error);
            }
        }
    }

    /// <summary>Those of a checkpoint, which are read once.</summary>
    /// <exception cref="CheckpointException">What a file says cannot be understood.</exception>
    public static StoredSlices Of(Checkpoint checkpoint) => Read.GetValue(checkpoint, static checkpoint => new StoredSlices(checkpoint));

    /// <summary>Of what a stored tensor is the slice; null where it is none, or nobody knows.</summary>
    /// <inheritdoc cref="Of(Checkpoint)" path="/exception"/>
    public static TensorSlice? Of(ViewOrigin? origin) => origin is null ? null : Of(origin.Checkpoint)[origin.Stored];

    /// <summary>Which slice a stored tensor is; null for a whole one.</summary>
    public TensorSlice? this[CheckpointTensor stored] => _slices.Count == 0 ? null : _slices.GetValueOrDefault((stored.File, stored.Name));
}
