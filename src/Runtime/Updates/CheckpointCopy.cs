using System.Collections.Concurrent;
using Lanyard.Books;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;

namespace Lanyard.Updates;

/// <summary>Copies a checkpoint into a <see cref="WeightUpdate"/>: from mapped files, or reading them.</summary>
internal static class CheckpointCopy
{
    /// <param name="update">The update.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="below">The prefix of the names to take; null for all.</param>
    /// <param name="check">Whether to refuse an incomplete or wrong checkpoint before the first byte is written.</param>
    /// <param name="progress">Told after each tensor, from several threads.</param>
    /// <param name="cancellationToken">Stops between pieces of tensors.</param>
    public static void Run(WeightUpdate update, Checkpoint checkpoint, string? below, bool check, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var part = new CheckpointPart(checkpoint, below);
        update.PassOver([.. checkpoint.PassedOver.Select(tensor => tensor.Name), .. part.PassedOver], checkpoint.OtherFiles);
        if (part.Place is { } place) update.Arrivals.From.Enter(place);
        checkpoint.AwaitTick();
        using var files = StoredFiles.Of(checkpoint, update.Writer.Access);
        try
        {
            Run(update, part, files, check, progress, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever is wrong with what was read, that the file was written to meanwhile explains it.
            checkpoint.CheckUnchanged(part.Stored);

            // What cannot be decoded is known by its tensor: here it is known where that is, too.
            if (error is CheckpointException undecoded && update.Arrivals.Find(undecoded.FileName) is not null)
                throw new CheckpointException(checkpoint.Path, [.. undecoded.Problems.Select(problem => $"{undecoded.FileName}: {problem}")], undecoded.InnerException);
            throw;
        }

        // After the last read, and before anything can be committed.
        checkpoint.CheckUnchanged(part.Stored);
    }

    private static void Run(WeightUpdate update, CheckpointPart part, StoredFiles files, bool check, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var copy = new WeightCopy(update, progress, cancellationToken);
        var waiting = new ConcurrentDictionary<Arrival, CheckpointTensor>(ReferenceEqualityComparer.Instance);
        var remembered = update.Arrivals.Expect(part.Tensors.Select(part.NameOf));
        update.Arrivals.Cut(part);

        // Progress counts up to what is known only when all are admitted.
        if (!check && progress is null)
        {
            copy.Run(part.Stored, Admit);
            CompareTied(update, files, part, remembered, alone: false);
            copy.Run(Decided());
            Keep();
            return;
        }
        List<TensorSource> sources = [.. part.Stored.Select(Admit).OfType<TensorSource>()];
        CompareTied(update, files, part, remembered, alone: check);
        if (check) update.Arrivals.Close();
        sources.AddRange(Decided());
        if (check) update.Check(part.Place);
        copy.Run(sources);
        Keep();

        TensorSource? Admit(CheckpointTensor stored)
        {
            var arrival = update.Arrivals.ArrivalOf(part, stored, remembered);
            var place = update.Arrivals.Admit(arrival);
            if (place is { Waits: true }) waiting.TryAdd(arrival, stored);
            return place is null or { Waits: true } ? null : Source(arrival, place, stored);
        }

        List<TensorSource> Decided()
        {
            var decided = update.Arrivals.TakeDecided(waiting.ContainsKey);
            return [.. decided.Select(taken => waiting.TryRemove(taken.Arrival, out var stored) ? Source(taken.Arrival, taken.Place, stored) : null).OfType<TensorSource>()];
        }

        TensorSource? Source(Arrival arrival, PlacedTensor place, CheckpointTensor stored)
        {
            if (!place.IsRead) return null;
            using var room = place.HasPadding || arrival.IsSlice ? files.Room(stored.Length) : null;
            return update.Arrivals.HasZeroPadding(place, arrival, (files, stored), static at => at.files.Whole(at.stored)) ? files.Source(update, stored, place) : null;
        }

        // What is not decided waits for what comes after this checkpoint.
        void Keep()
        {
            foreach (var (arrival, stored) in waiting)
            {
                using var whole = files.Whole(stored);
                update.Arrivals.Keep(arrival, whole, lasting: files.IsOwn);
            }
            update.WriteDecided();
        }
    }

    /// <summary>Compares what comes under two names. The other name can come later in a session; a checkpoint by itself has both or one, which is read once.</summary>
    private static void CompareTied(WeightUpdate update, StoredFiles files, CheckpointPart part, HashSet<string>? remembered, bool alone)
    {
        if (!update.Arrivals.HasTied) return;
        foreach (var names in part.Tensors.Where(stored => remembered?.Contains(part.NameOf(stored)) ?? true).GroupBy(stored => update.Arrivals.Tied(part.NameOf(stored))).Where(names => names.Key is not null && (!alone || names.Count() > 1)))
        {
            foreach (var stored in names)
            {
                using var whole = files.Whole(stored);
                update.Arrivals.CompareTied(names.Key!, whole, StoredType.Of(stored.DType), update.Arrivals.ArrivalOf(part, stored, remembered).Place);
            }
        }
    }
}
