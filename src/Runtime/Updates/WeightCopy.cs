using System.Runtime.InteropServices;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Memory;

namespace Lanyard.Updates;

/// <summary>Copies admitted tensors into a <see cref="WeightUpdate"/>, by all processors.</summary>
/// <param name="update">The update.</param>
/// <param name="progress">Told after each tensor, from several threads.</param>
/// <param name="cancellationToken">Stops between pieces of tensors.</param>
internal sealed class WeightCopy(WeightUpdate update, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>Tensors that are admitted together: enough that handing them out costs little beside them.</summary>
    public const int PieceTensors = 32;

    private int _totalSlots;
    private long _totalBytes;
    private int _slots;
    private long _bytes;

    /// <summary>What may come in any order first, then shadow by shadow, in the order of the post-load methods that free them.</summary>
    /// <param name="sources">The tensors; those of a file in its order, so that a cold page cache is filled by sequential reads.</param>
    public void Run(List<TensorSource> sources)
    {
        // Before anything is prepared, which counts as written.
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var source in sources)
        {
            _totalSlots += source.Place.Slots;
            _totalBytes += source.Taken;
        }
        if (sources.TrueForAll(source => source.Shadowed is null)) RunStage(sources);
        else foreach (var stage in sources.GroupBy(source => source.Shadowed).OrderBy(stage => Order(stage.Key))) RunStage(stage.ToList());
    }

    /// <summary>
    /// Copies what is admitted on the way: looking up and copying go on side by side, so that neither waits for the other. To be used
    /// where nothing has to be known of all before the first is written.
    /// </summary>
    /// <param name="items">What may be copied, in the order of the file.</param>
    /// <param name="admit">Admits one; called from several threads. Gives null where nothing is to be written.</param>
    /// <param name="handle">The handle of the tensor that admitting reads, for <see cref="TensorHeaders"/>; null where it reads none.</param>
    public void Run<T>(T[] items, Func<T, TensorSource?> admit, Func<T, nint>? handle = null)
    {
        var pieces = items.Chunk(PieceTensors).ToArray();
        var (done, left) = (new List<TensorSource>[pieces.Length], new List<TensorSource>[pieces.Length]);
        Workers.Run(pieces.Length, piece =>
        {
            (done[piece], left[piece]) = ([], []);
            if (handle is not null) TensorHeaders.Fetch(pieces[piece], handle);
            foreach (var item in pieces[piece])
            {
                if (admit(item) is { } source) (IsDirect(source) ? done : left)[piece].Add(source);
            }
            foreach (var source in done[piece]) source.Locate();
            WriteSmall(CollectionsMarshal.AsSpan(done[piece]));
        }, cancellationToken);
        Run([.. left.SelectMany(sources => sources)]);
        update.Advance(done.SelectMany(sources => sources.Select(source => source.Place)));
    }

    /// <summary>Whether a tensor needs no place in an order, and no others to share the work.</summary>
    private static bool IsDirect(TensorSource source) => source.Shadowed is null && IsSmall(source) && !source.MayMap;

    /// <summary>Whether a tensor is one of those that are written by one thread, many at a time. Large ones are cut up among the threads.</summary>
    private static bool IsSmall(TensorSource source) => source.Bytes <= CopyBatch.PieceBytes;

    /// <summary>Writes small tensors by the caller's thread. Each has been located, but for those that are read: here, several at once.</summary>
    private void WriteSmall(ReadOnlySpan<TensorSource> sources)
    {
        if (sources is not [ReadTensor read, ..])
        {
            WriteLocated(sources);
            return;
        }
        for (var rest = sources; !rest.IsEmpty;)
        {
            var together = rest[..CheckpointReads.Together(rest)];
            using (read.Reads.Fetch(together)) WriteLocated(together);
            rest = rest[together.Length..];
        }
    }

    private void WriteLocated(ReadOnlySpan<TensorSource> sources)
    {
        // Copying drives everything else out of the caches, so that all is looked up before it begins.
        var (batch, copied) = (new CopyBatch(), new List<TensorSource>(sources.Length));
        TensorHeaders.Fetch(sources, static source => source.Place.Uses is [var use, ..] ? use.Parameter.Bound.Handle : 0);
        foreach (var source in sources)
        {
            if (TryAdd(source, batch)) copied.Add(source);
            else Report(source, source.Write());
        }
        batch.RunAlone();
        foreach (var source in copied) Enter(source);
    }

    private static (int, int, int) Order(ModelParameter? shadowed)
    {
        if (shadowed is null) return (-1, 0, 0);
        var (module, index) = (shadowed.Module, shadowed.Bound.Entry.Index);
        return (module.Position, module.Set.Map.PostLoads.TakeWhile(method => !method.Reads.Contains(index)).Count(), index);
    }

    private void RunStage(List<TensorSource> sources)
    {
        var (small, large, others, batch) = (new List<TensorSource>(sources.Count), new List<TensorSource>(), new List<TensorSource>(), new CopyBatch());
        var reads = new List<(TensorSource Source, ReadPiece Piece)>();

        // Scales first, since what they belong to waits for them.
        foreach (var source in sources.Exists(source => source.Place.Slots == 0) ? sources.OrderBy(source => source.Place.Slots > 0) : (IEnumerable<TensorSource>)sources)
        {
            if (source.TryMap())
            {
                Report(source, source.Place.Slots);
                continue;
            }
            source.Locate();
            if (IsSmall(source)) small.Add(source);
            else if (source is ReadTensor read && read.Pieces() is { Count: > 0 } parts)
            {
                source.Copies = parts.Count;
                reads.AddRange(parts.Select(part => (source, part)));
            }
            else if (TryAdd(source, batch)) large.AddRange(Enumerable.Repeat(source, source.Copies = batch.Count - large.Count));
            else others.Add(source);
        }
        var pieces = Pieces(small);
        Workers.Run(pieces.Count, piece => WriteSmall(CollectionsMarshal.AsSpan(small)[pieces[piece]]), cancellationToken);
        batch.Run(copy => End(large[copy]), cancellationToken);
        Workers.Run(reads.Count, i =>
        {
            reads[i].Piece.Run();
            End(reads[i].Source);
        }, cancellationToken);
        Workers.Run(others.Count, i => Report(others[i], others[i].Write()), cancellationToken);
        update.Advance(sources.Select(source => source.Place));
    }

    /// <summary>Ranges of tensors of about the same number of bytes.</summary>
    private static List<Range> Pieces(List<TensorSource> small)
    {
        var pieces = new List<Range>();
        for (var (first, next, bytes) = (0, 0, 0L); next < small.Count;)
        {
            bytes += small[next++].Bytes;
            if (bytes < CopyBatch.PieceBytes && next < small.Count) continue;
            pieces.Add(first..next);
            (first, bytes) = (next, 0);
        }
        return pieces;
    }

    private bool TryAdd(TensorSource source, CopyBatch batch) => source.Address != 0 && update.Writer.TryAdd(source.Place, source.Address, source.Bytes, source.Type, batch);

    private void End(TensorSource source)
    {
        if (Interlocked.Decrement(ref source.Copies) == 0) Enter(source);
    }

    private void Enter(TensorSource source)
    {
        update.Writer.Enter(source.Place);
        Report(source, source.Place.Slots);
    }

    private void Report(TensorSource source, int written)
    {
        if (progress is null) return;
        var doneSlots = Interlocked.Add(ref _slots, written);
        var doneBytes = Interlocked.Add(ref _bytes, source.Taken);
        progress.Report(new LoadProgress(doneSlots, _totalSlots, doneBytes, _totalBytes));
    }
}
