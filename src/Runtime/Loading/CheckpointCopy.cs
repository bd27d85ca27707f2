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
        var work = new List<(CheckpointTensor Stored, Admission Place)>();
        var found = new Dictionary<ModelTensor, CheckpointTensor>();
        foreach (var stored in checkpoint.Tensors.Values)
        {
            if (update.Tied(stored.Name) is { } tied && !found.TryAdd(tied, stored) && !Equal(checkpoint, found[tied], stored)) update.ReportTied(tied);
            if (update.Admit(stored.Name, stored.Shape, stored.DType.ToScalarType()) is not { } place) continue;
            found[place.Tensor] = stored;
            if (place.Slots > 0) work.Add((stored, place));
        }
        if (check) update.Check();

        // In file order, so that a cold page cache is filled by sequential reads.
        work.Sort((a, b) => (a.Stored.File, a.Stored.Offset).CompareTo((b.Stored.File, b.Stored.Offset)));
        var (slots, bytes) = (0, 0L);
        var (totalSlots, totalBytes) = (work.Sum(item => item.Place.Slots), work.Sum(item => item.Stored.Length));
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(work, options, item =>
        {
            using (var view = checkpoint.View(item.Stored))
            {
                foreach (var use in item.Place.Uses)
                {
                    using var scale = use.Scale is null || !found.TryGetValue(use.Scale, out var companion) ? null : checkpoint.View(companion);
                    if (use.Scale is null || scale is not null) update.Write(use, view, scale);
                }
            }
            var doneSlots = Interlocked.Add(ref slots, item.Place.Slots);
            var doneBytes = Interlocked.Add(ref bytes, item.Stored.Length);
            progress?.Report(new LoadProgress(doneSlots, totalSlots, doneBytes, totalBytes));
        });
    }

    private static bool Equal(Checkpoint checkpoint, CheckpointTensor a, CheckpointTensor b)
    {
        if (a.DType != b.DType || !a.Shape.AsSpan().SequenceEqual(b.Shape.AsSpan())) return false;
        using torch.Tensor first = checkpoint.View(a), second = checkpoint.View(b);
        return TensorDigest.Of(first) == TensorDigest.Of(second);
    }
}
