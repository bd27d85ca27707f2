namespace Lanyard.Transfers;

/// <summary>What one process sends to another, in chunks that both know from the plan: parameter by parameter in the order of the model, run by run.</summary>
internal static class TransferMessage
{
    /// <summary>The bytes of elements that are sent at once at most.</summary>
    public const long ChunkBytes = 4 << 20;

    // As the widest elements and the vectors of copies want it.
    private const long Alignment = 64;

    /// <summary>The chunks of a message.</summary>
    /// <param name="runs">What goes from one process to the other.</param>
    public static IEnumerable<List<TransferPiece>> Chunks(IEnumerable<(TransferUnit Unit, TransferRun Run)> runs)
    {
        var (chunk, position) = (new List<TransferPiece>(), 0L);
        foreach (var (unit, run) in runs)
        {
            var size = unit.Group.BytesOf(run) / run.Count;
            foreach (var part in Cut(run, ChunkBytes / size))
            {
                var bytes = part.Count * size;
                if (position + bytes > ChunkBytes)
                {
                    yield return chunk;
                    (chunk, position) = ([], 0);
                }
                chunk.Add(new TransferPiece(unit, part, position));
                position = (position + bytes + Alignment - 1) / Alignment * Alignment;
            }
        }
        if (chunk.Count > 0) yield return chunk;
    }

    /// <summary>The bytes of a chunk.</summary>
    public static long BytesOf(List<TransferPiece> chunk) => chunk[^1].Position + chunk[^1].Bytes;

    /// <summary>A run in parts of no more elements than a number.</summary>
    private static IEnumerable<TransferRun> Cut(TransferRun run, long most)
    {
        if (run.Count <= most) return [run];
        var (size, inner) = (run.Sizes[0], run.Count / run.Sizes[0]);
        if (inner > most)
        {
            return from i in Range(size, 1)
                   from part in Cut(run with
                   {
                       Sizes = run.Sizes[1..],
                       SourceOffset = run.SourceOffset + (i.From * run.SourceStrides[0]),
                       SourceStrides = run.SourceStrides[1..],
                       TargetOffset = run.TargetOffset + (i.From * run.TargetStrides[0]),
                       TargetStrides = run.TargetStrides[1..],
                   }, most)
                   select part;
        }
        return Range(size, most / inner).Select(part => run with
        {
            Sizes = run.Sizes.SetItem(0, part.Count),
            SourceOffset = run.SourceOffset + (part.From * run.SourceStrides[0]),
            TargetOffset = run.TargetOffset + (part.From * run.TargetStrides[0]),
        });
    }

    private static IEnumerable<(long From, long Count)> Range(long size, long step)
    {
        for (var from = 0L; from < size; from += step) yield return (from, Math.Min(step, size - from));
    }
}
