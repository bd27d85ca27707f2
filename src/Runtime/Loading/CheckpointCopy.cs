using Lanyard.Checkpoints;

namespace Lanyard;

/// <summary>Copies a checkpoint into a <see cref="WeightUpdate"/>, in parallel, straight from the page cache.</summary>
internal static class CheckpointCopy
{
    /// <param name="update">The update.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="check">Whether to refuse an incomplete or wrong checkpoint before the first byte is written.</param>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    public static void Run(WeightUpdate update, Checkpoint checkpoint, bool check, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var work = new List<(CheckpointTensor Stored, Admission Place)>();
        var tied = new List<(ModelTensor Tensor, CheckpointTensor Stored)>();
        foreach (var stored in checkpoint.Tensors.Values)
        {
            if (update.Tied(stored.Name) is { } tensor) tied.Add((tensor, stored));
            if (update.Admit(stored.Name, stored.Shape, stored.DType.ToScalarType()) is { IsRead: true } place) work.Add((stored, place));
        }

        // The other name can come later in a session; a checkpoint by itself has both or one, which is read once.
        foreach (var names in tied.GroupBy(item => item.Tensor).Where(names => !check || names.Count() > 1))
        {
            foreach (var (tensor, stored) in names)
            {
                using var view = checkpoint.View(stored);
                update.CompareTied(tensor, view);
            }
        }
        if (check) update.Check();

        // In file order, so that a cold page cache is filled by sequential reads; scales first, since what they belong to waits for them.
        work.Sort((a, b) => (a.Place.Slots > 0, a.Stored.File, a.Stored.Offset).CompareTo((b.Place.Slots > 0, b.Stored.File, b.Stored.Offset)));
        var (slots, bytes) = (0, 0L);
        var (totalSlots, totalBytes) = (work.Sum(item => item.Place.Slots), work.Sum(item => item.Stored.Length));
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(work, options, item =>
        {
            int written;
            using (var view = checkpoint.View(item.Stored)) written = update.Write(item.Place, view, lasting: true);
            var doneSlots = Interlocked.Add(ref slots, written);
            var doneBytes = Interlocked.Add(ref bytes, item.Stored.Length);
            progress?.Report(new LoadProgress(doneSlots, totalSlots, doneBytes, totalBytes));
        });
    }
}
