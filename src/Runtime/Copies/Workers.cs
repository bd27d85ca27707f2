using System.Runtime.ExceptionServices;

namespace Lanyard.Copies;

/// <summary>Shares work among the processors.</summary>
internal static class Workers
{
    /// <summary>Does pieces of work, begun in order, so that a cold page cache is filled by sequential reads. A single piece is done by the caller's thread.</summary>
    /// <param name="pieces">How many there are.</param>
    /// <param name="work">Does the piece of a number, counted from zero. The first exception ends the work, and is thrown here as it is.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static void Run(int pieces, Action<int> work, CancellationToken cancellationToken = default)
    {
        ExceptionDispatchInfo? failure = null;
        var next = -1;
        var workers = Math.Min(Environment.ProcessorCount, pieces);

        // One iteration for each worker, which takes piece after piece. Over the pieces themselves Parallel.For would give each worker a
        // range of its own, so that they are not begun in order, and wrap what they throw in an AggregateException.
        if (workers > 1) Parallel.For(0, workers, _ => Work());
        else Work();
        failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();

        void Work()
        {
            try
            {
                for (int piece; Volatile.Read(ref failure) is null && !cancellationToken.IsCancellationRequested && (piece = Interlocked.Increment(ref next)) < pieces;) work(piece);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
