using System.Runtime.InteropServices;

namespace Lanyard.Copies;

/// <summary>
/// Copies between regions of memory, cut into pieces that the processors share: many small ones make one piece, a large one many.
/// The caller keeps the memory alive. Not thread-safe, but for the copying itself.
/// </summary>
internal sealed unsafe class CopyBatch
{
    /// <summary>Small enough that the processors end together, large enough that handing it out costs nothing.</summary>
    public const long PieceBytes = 1 << 20;

    private readonly List<Job> _jobs = [];

    /// <summary>The number of regions.</summary>
    public int Count => _jobs.Count;

    /// <summary>Adds a region.</summary>
    /// <param name="from">The address of the array that is read.</param>
    /// <param name="to">The address of the array that is written.</param>
    /// <param name="region">The region, with its offsets into both.</param>
    /// <param name="elements">What is done to each element.</param>
    public void Add(nint from, nint to, in StridedCopy region, ElementCopy elements)
    {
        if (region.Count > 0) _jobs.Add(new Job(from, to, region, elements));
    }

    /// <summary>Copies everything. A batch of one piece is copied by the caller's thread.</summary>
    /// <param name="finished">Told the number of each region that is written, counted from zero as they were added; from several threads.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    /// <exception cref="OperationCanceledException">The copy was stopped; some regions are written, some not, some in part.</exception>
    public void Run(Action<int>? finished = null, CancellationToken cancellationToken = default)
    {
        var open = new int[_jobs.Count];
        var pieces = Pieces(open);
        Workers.Run(pieces.Count, piece =>
        {
            var (first, last, start, end) = pieces[piece];
            for (var i = first; i <= last; i++)
            {
                var job = _jobs[i];
                Run(job, i == first ? start : 0, i == last ? end : job.Items);
                if (Interlocked.Decrement(ref open[i]) == 0) finished?.Invoke(i);
            }
        }, cancellationToken);
    }

    /// <summary>Copies everything by the caller's thread, in order.</summary>
    public void RunAlone()
    {
        foreach (ref readonly var job in CollectionsMarshal.AsSpan(_jobs)) Run(job, 0, job.Items);
    }

    /// <summary>Copies a region right away by the caller's thread.</summary>
    /// <inheritdoc cref="Add" path="/param"/>
    public static void Copy(nint from, nint to, in StridedCopy region, ElementCopy elements)
    {
        if (region.Count == 0) return;
        var job = new Job(from, to, region, elements);
        Run(job, 0, job.Items);
    }

    private static void Run(in Job job, long first, long last)
    {
        switch (job.Elements)
        {
            case ElementCopy.Bytes1: StridedKernel<SameElement<byte>>.Run(job.Region, job.From, job.To, job.Split, first, last); break;
            case ElementCopy.Bytes2: StridedKernel<SameElement<ushort>>.Run(job.Region, job.From, job.To, job.Split, first, last); break;
            case ElementCopy.Bytes4: StridedKernel<SameElement<uint>>.Run(job.Region, job.From, job.To, job.Split, first, last); break;
            case ElementCopy.Bytes8: StridedKernel<SameElement<ulong>>.Run(job.Region, job.From, job.To, job.Split, first, last); break;
            case ElementCopy.HalfToSingle: StridedKernel<HalfToSingle>.Run(job.Region, job.From, job.To, job.Split, first, last); break;
            default: StridedKernel<BFloat16ToSingle>.Run(job.Region, job.From, job.To, job.Split, first, last); break;
        }
    }

    /// <summary>The jobs in pieces of about the same size: from an item of one job to an item of the same or a later one.</summary>
    /// <param name="open">Filled with the number of pieces that each job is in.</param>
    private List<Piece> Pieces(int[] open)
    {
        var pieces = new List<Piece>();
        var (first, start, bytes) = (0, 0L, 0L);
        for (var i = 0; i < _jobs.Count; i++)
        {
            var job = _jobs[i];
            var item = job.Bytes / job.Items;
            for (var at = 0L; at < job.Items;)
            {
                // One step at least, however large an item is, or the loop would not go on.
                var steps = Math.Max(1, (PieceBytes - bytes) / item / job.Step);
                var count = Math.Min(job.Items - at, steps * job.Step);
                at += count;
                bytes += count * item;
                if (bytes < PieceBytes && (at < job.Items || i + 1 < _jobs.Count)) continue;
                pieces.Add(new Piece(first, i, start, at));
                for (var within = first; within <= i; within++) open[within]++;
                (first, start, bytes) = at < job.Items ? (i, at, 0L) : (i + 1, 0L, 0L);
            }
        }
        return pieces;
    }

    private readonly record struct Piece(int First, int Last, long Start, long End);

    private readonly struct Job
    {
        public Job(nint from, nint to, in StridedCopy region, ElementCopy elements)
        {
            (Region, Elements, Bytes) = (region, elements, region.Count * elements.ToSize());
            From = (byte*)from + (region.From * elements.FromSize());
            To = (byte*)to + (region.To * elements.ToSize());

            // The outer loops are counted through, as far as what is within them is more than a piece.
            (Split, Items) = (-1, 1);
            while (Split + 1 < region.Sizes.Length && (Split < 0 || Bytes / Items > PieceBytes)) Items *= region.Sizes[++Split];

            // Tiles stay whole: of one that is cut two processors would read and write the same cache lines.
            Step = region.Sizes.IsEmpty || region.FromStrides[^1] == 1 ? 1 : StridedCopy.Tile;
        }

        public StridedCopy Region { get; }

        public byte* From { get; }

        public byte* To { get; }

        public ElementCopy Elements { get; }

        public long Bytes { get; }

        /// <summary>The innermost loop that is counted through; minus one for a region of one element.</summary>
        public int Split { get; }

        /// <summary>How many items the counted loops have.</summary>
        public long Items { get; }

        /// <summary>How many items should stay together.</summary>
        public long Step { get; }
    }
}
