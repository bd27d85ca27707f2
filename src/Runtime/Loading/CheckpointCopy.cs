using Lanyard.Checkpoints;

namespace Lanyard;

/// <summary>Copies a checkpoint into a <see cref="WeightUpdate"/>, in parallel, straight from the page cache.</summary>
internal sealed class CheckpointCopy
{
    private readonly WeightUpdate _update;
    private readonly Checkpoint _checkpoint;
    private readonly IProgress<LoadProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly List<Item> _work = [];
    private readonly int _totalSlots;
    private readonly long _totalBytes;
    private int _slots;
    private long _bytes;

    private CheckpointCopy(WeightUpdate update, Checkpoint checkpoint, bool check, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        (_update, _checkpoint, _progress, _cancellationToken) = (update, checkpoint, progress, cancellationToken);
        var tied = new List<(ModelTensor Tensor, CheckpointTensor Stored)>();
        foreach (var stored in checkpoint.Tensors.Values)
        {
            if (update.Tied(stored.Name) is { } tensor) tied.Add((tensor, stored));
            if (update.Admit(stored.Name, stored.Shape, stored.DType.ToScalarType()) is not { IsRead: true } place) continue;
            _work.Add(new Item(stored, place, update.Shadowed(place)));
            _totalSlots += place.Slots;
            _totalBytes += stored.Length;
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
        if (check) update.Check(checkpoint.Path);
    }

    /// <param name="update">The update.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="check">Whether to refuse an incomplete or wrong checkpoint before the first byte is written.</param>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between pieces of tensors.</param>
    public static void Run(WeightUpdate update, Checkpoint checkpoint, bool check, IProgress<LoadProgress>? progress, CancellationToken cancellationToken) =>
        new CheckpointCopy(update, checkpoint, check, progress, cancellationToken).Run();

    /// <summary>
    /// Everything that goes into live storage first, then shadow by shadow, in the order of the post-load methods that free them. Within
    /// these in file order, so that a cold page cache is filled by sequential reads; scales first, since what they belong to waits for them.
    /// </summary>
    private void Run()
    {
        // Before anything is prepared, which counts as written.
        _cancellationToken.ThrowIfCancellationRequested();
        foreach (var stage in _work.GroupBy(item => item.Shadowed).OrderBy(stage => Order(stage.Key)))
        {
            var items = stage.ToList();
            items.Sort(InOrder);
            Run(items);
            _update.Advance(stage.Select(item => item.Place));
        }
    }

    private static int InOrder(Item a, Item b)
    {
        var scales = (a.Place.Slots > 0).CompareTo(b.Place.Slots > 0);
        var file = scales != 0 ? scales : string.CompareOrdinal(a.Stored.File, b.Stored.File);
        return file != 0 ? file : a.Stored.Offset.CompareTo(b.Stored.Offset);
    }

    private static (int, int, int) Order(ModelParameter? shadowed)
    {
        if (shadowed is null) return (-1, 0, 0);
        var (module, index) = (shadowed.Module, shadowed.Bound.Entry.Index);
        return (module.Position, module.Set.Map.PostLoads.TakeWhile(method => !method.Reads.Contains(index)).Count(), index);
    }

    private void Run(List<Item> items)
    {
        var (batch, copied, others) = (new CopyBatch(), new List<Item>(), new List<Item>());
        using var mappings = new CheckpointMappings(_checkpoint);
        foreach (var item in items)
        {
            if (_update.TryMap(item.Place, item.Stored, mappings))
                Report(item, item.Place.Slots);
            else if (item.Stored.Length > 0 && _update.TryAdd(item.Place, mappings.Address(item.Stored), item.Stored.DType.ToScalarType(), batch))
                copied.AddRange(Enumerable.Repeat(item, item.Copies = batch.Count - copied.Count));
            else
                others.Add(item);
        }
        batch.Run(job => End(copied[job]), _cancellationToken);
        var options = new ParallelOptions { CancellationToken = _cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Workers.Run(() => Parallel.ForEach(others, options, item =>
        {
            using var view = _checkpoint.View(item.Stored);
            Report(item, _update.Write(item.Place, view, lasting: true));
        }));
    }

    private void Report(Item item, int written)
    {
        var doneSlots = Interlocked.Add(ref _slots, written);
        var doneBytes = Interlocked.Add(ref _bytes, item.Stored.Length);
        _progress?.Report(new LoadProgress(doneSlots, _totalSlots, doneBytes, _totalBytes));
    }

    private void End(Item item)
    {
        if (Interlocked.Decrement(ref item.Copies) > 0) return;
        _update.Enter(item.Place);
        Report(item, item.Place.Slots);
    }

    /// <summary>A tensor to copy.</summary>
    private sealed class Item(CheckpointTensor stored, Admission place, ModelParameter? shadowed)
    {
        public CheckpointTensor Stored => stored;

        public Admission Place => place;

        public ModelParameter? Shadowed => shadowed;

        /// <summary>The copies within memory that are left to do.</summary>
        public int Copies;
    }
}
