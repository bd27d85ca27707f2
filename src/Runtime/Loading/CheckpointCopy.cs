using Lanyard.Checkpoints;
using TorchSharp;

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
        var work = new List<(CheckpointTensor Tensor, ModelTensor Place)>();
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            if (update.Admit(tensor.Name, tensor.Shape, tensor.DType.ToScalarType()) is { } place) work.Add((tensor, place));
        }
        if (check) update.Check();

        // In file order, so that a cold page cache is filled by sequential reads.
        work.Sort((a, b) => (a.Tensor.File, a.Tensor.Offset).CompareTo((b.Tensor.File, b.Tensor.Offset)));
        var (slots, bytes) = (0, 0L);
        var (totalSlots, totalBytes) = (work.Sum(item => Slots(item.Place)), work.Sum(item => item.Tensor.Length));
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(work, options, item =>
        {
            using (var view = checkpoint.View(item.Tensor)) update.Write(item.Place, view);
            var doneSlots = Interlocked.Add(ref slots, Slots(item.Place));
            var doneBytes = Interlocked.Add(ref bytes, item.Tensor.Length);
            progress?.Report(new LoadProgress(doneSlots, totalSlots, doneBytes, totalBytes));
        });
    }

    private static int Slots(ModelTensor place) => place.Uses.Sum(use => use.Slots.Length);
}
