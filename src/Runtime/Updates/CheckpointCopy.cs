using Lanyard.Books;
using Lanyard.Checkpoints;
using Lanyard.Encodings;

namespace Lanyard.Updates;

/// <summary>Copies a checkpoint into a <see cref="WeightUpdate"/>, straight from the page cache.</summary>
internal static class CheckpointCopy
{
    /// <param name="update">The update.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="check">Whether to refuse an incomplete or wrong checkpoint before the first byte is written.</param>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between pieces of tensors.</param>
    public static void Run(WeightUpdate update, Checkpoint checkpoint, bool check, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        using var mappings = new CheckpointMappings(checkpoint);
        var copy = new WeightCopy(update, progress, cancellationToken);

        // Progress counts up to what is known only when all are admitted.
        if (!check && progress is null)
        {
            copy.Run([.. checkpoint.Tensors.Values], Admit);
            CompareTied(update, checkpoint, alone: false);
            return;
        }
        List<TensorSource> sources = [.. checkpoint.Tensors.Values.Select(Admit).OfType<TensorSource>()];
        CompareTied(update, checkpoint, alone: check);
        if (check) update.Check(checkpoint.Path);
        copy.Run(sources);

        StoredTensor? Admit(CheckpointTensor stored) =>
            update.Admit(new Arrival(stored.Name, stored.Shape, StoredType.Of(stored.DType))) is { IsRead: true } place ? new StoredTensor(update, checkpoint, mappings, stored, place) : null;
    }

    /// <summary>Compares what comes under two names. The other name can come later in a session; a checkpoint by itself has both or one, which is read once.</summary>
    private static void CompareTied(WeightUpdate update, Checkpoint checkpoint, bool alone)
    {
        if (!update.HasTied) return;
        foreach (var names in checkpoint.Tensors.Values.GroupBy(stored => update.Tied(stored.Name)).Where(names => names.Key is not null && (!alone || names.Count() > 1)))
        {
            foreach (var stored in names)
            {
                using var view = checkpoint.ViewStored(stored);
                update.CompareTied(names.Key!, view, StoredType.Of(stored.DType));
            }
        }
    }
}
