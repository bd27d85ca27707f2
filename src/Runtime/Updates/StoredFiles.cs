using Lanyard.Checkpoints;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>The files of a checkpoint for one load: all that is taken from them is taken here, by one way.</summary>
internal abstract class StoredFiles : IDisposable
{
    /// <summary>Whether what <see cref="Whole"/> gives stays as it is, whatever becomes of the files.</summary>
    public abstract bool IsOwn { get; }

    /// <param name="checkpoint">The checkpoint; it stays open meanwhile.</param>
    /// <param name="access">The way.</param>
    public static StoredFiles Of(Checkpoint checkpoint, CheckpointAccess access) => access == CheckpointAccess.Map ? new CheckpointMappings(checkpoint) : new CheckpointReads(checkpoint);

    /// <summary>What is to be copied of an admitted tensor.</summary>
    /// <param name="update">The update.</param>
    /// <param name="stored">The tensor; not one in pieces, but a piece.</param>
    /// <param name="place">Where its elements go.</param>
    public abstract TensorSource Source(WeightUpdate update, CheckpointTensor stored, PlacedTensor place);

    /// <summary>A tensor, contiguous, to be disposed; of blocks, their bytes.</summary>
    /// <exception cref="CheckpointException">The file is shorter than it was, or cannot be read or mapped.</exception>
    public abstract torch.Tensor Whole(CheckpointTensor stored);

    /// <summary>Waits until there is room for what <see cref="Whole"/> gives; to be disposed after it. Null where it takes none.</summary>
    public virtual IDisposable? Room(long bytes) => null;

    public virtual void Dispose()
    {
    }
}
