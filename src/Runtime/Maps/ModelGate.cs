using System.Globalization;

namespace Lanyard.Maps;

/// <summary>
/// Who reads a module's values, and who changes them. Readings are many at a time; a change waits until those of the module, of the modules
/// around it and of those below it have ended, and keeps new ones waiting meanwhile.
/// </summary>
/// <remarks>
/// All gates have one lock, held for some instructions: a change closes many gates at once, which in turn could wait for each other. What
/// is open is known of each flow of control, over awaits too, so that it may open more of what it has.
/// </remarks>
internal sealed class ModelGate
{
    /// <summary>How long a change waits for readings of its own flow: the caller may be another thread than theirs, or wait for itself for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

    private static readonly object Sync = new();
    private static readonly AsyncLocal<GateHold?> Current = new(Switched);
    private static int _waitingAll;

    // What this thread has opened since it began to run the flow that it runs: a task that the flow has started may run by the same thread.
    [ThreadStatic]
    private static GateHold? _here;

    private readonly List<GateHold> _readers = [];
    private GateHold? _closed;
    private int _waiting;

    /// <summary>The readings that are open, and when the oldest began; null where there are none.</summary>
    public (int Count, DateTime Oldest)? Readers
    {
        get
        {
            lock (Sync) return _readers.Count == 0 ? null : (_readers.Count, _readers.Min(reader => reader.Begun));
        }
    }

    /// <summary>Opens a reading, when no change is under way or waits.</summary>
    /// <param name="gates">What is read.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public static GateHold Read(IReadOnlyCollection<ModelGate> gates, CancellationToken cancellationToken)
    {
        var hold = new GateHold(gates, isReading: true, Open(Current.Value));
        using (Woken(cancellationToken))
        {
            lock (Sync)
            {
                // Whoever holds something already would wait for a change that waits for it. Of a flow that works for another nobody knows what that one
                // has open: after a time it goes first.
                while (gates.Any(gate => gate._closed is { } closed ? !closed.IsOf(hold.Outer) : gate._waiting > 0 && hold.Outer is null && DateTime.UtcNow - hold.Begun < Patience)) Wait(cancellationToken);
                foreach (var gate in gates) gate._readers.Add(hold);
            }
        }
        return _here = Current.Value = hold;
    }

    /// <summary>Closes gates for a change, when all readings have ended.</summary>
    /// <param name="gates">The gates.</param>
    /// <param name="what">The change, for messages: <c>The commit of Llama</c>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="waitsForOwn">Whether a reading that the caller has open itself counts: it is an error then.</param>
    /// <exception cref="ModelStateException">The caller has a reading open itself.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public static GateHold Close(IReadOnlyCollection<ModelGate> gates, string what, CancellationToken cancellationToken, bool waitsForOwn = true)
    {
        var outer = Open(Current.Value);
        var hold = new GateHold(gates, isReading: false, outer);
        using (Woken(cancellationToken))
        {
            lock (Sync)
            {
                var isWaiting = false;
                try
                {
                    while (!gates.All(gate => gate.IsFreeFor(outer, waitsForOwn)))
                    {
                        CheckOwn(gates, outer, what, hold.Begun);
                        if (!isWaiting) Count(gates, 1);
                        isWaiting = true;
                        Wait(cancellationToken);
                    }
                }
                finally
                {
                    if (isWaiting) Count(gates, -1);
                }
                foreach (var gate in gates) gate._closed ??= hold;
            }
        }
        return _here = Current.Value = hold;
    }

    /// <summary>Refuses a change that would wait for a reading of its own flow, or of one that this one was begun in.</summary>
    /// <param name="gates">The gates.</param>
    /// <param name="what">The change, for messages.</param>
    /// <exception cref="ModelStateException">There is one.</exception>
    public static void CheckOwn(IReadOnlyCollection<ModelGate> gates, string what)
    {
        var outer = Open(Current.Value);
        lock (Sync) CheckOwn(gates, outer, what, DateTime.MinValue);
    }

    /// <summary>Has this flow of control be within what another one has opened.</summary>
    /// <returns>What ends that.</returns>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public static IDisposable Enter(GateHold hold)
    {
        if (hold.IsEnded) throw new InvalidOperationException("The reading has ended.");
        var entered = new GateHold([], isReading: true, hold);
        _here = Current.Value = entered;
        return entered;
    }

    /// <summary>Whether a change has closed the gate, and not one around it.</summary>
    public bool IsClosedBy(GateHold hold)
    {
        lock (Sync) return ReferenceEquals(_closed, hold);
    }

    /// <summary>Ends what was opened, from whatever thread.</summary>
    internal static void End(GateHold hold)
    {
        lock (Sync)
        {
            foreach (var gate in hold.Gates)
            {
                if (hold.IsReading) gate._readers.Remove(hold);
                else if (ReferenceEquals(gate._closed, hold)) gate._closed = null;
            }
            if (_waitingAll > 0) Monitor.PulseAll(Sync);
        }
        if (ReferenceEquals(_here, hold)) _here = Open(hold.Outer);
        if (ReferenceEquals(Current.Value, hold)) Current.Value = Open(hold.Outer);
    }

    private static void Switched(AsyncLocalValueChangedArgs<GateHold?> change)
    {
        if (change.ThreadContextChanged) _here = null;
    }

    // Of gates within gates that are closed already the outer change is over when the inner one is.
    private bool IsFreeFor(GateHold? outer, bool waitsForOwn) => (_readers.Count == 0 || (!waitsForOwn && _readers.TrueForAll(reader => reader.IsOf(outer)))) && (_closed is not { } closed || closed.IsOf(outer));

    private static void Count(IReadOnlyCollection<ModelGate> gates, int change)
    {
        foreach (var gate in gates) gate._waiting += change;
        if (change < 0) Monitor.PulseAll(Sync);
    }

    private static void CheckOwn(IReadOnlyCollection<ModelGate> gates, GateHold? outer, string what, DateTime begun)
    {
        for (var own = outer; own is not null; own = own.Outer)
        {
            if (!own.IsReading || own.IsEnded || !gates.Any(gate => gate._readers.Contains(own))) continue;
            if (!own.IsOf(_here) && DateTime.UtcNow - begun < Patience) continue;
            throw new ModelStateException(string.Create(CultureInfo.InvariantCulture, $"{what} would wait for a reading that its own caller has opened, {(DateTime.UtcNow - own.Begun).TotalSeconds:0.#} s ago, and not ended: end it first. Nothing was changed."));
        }
    }

    private static GateHold? Open(GateHold? hold)
    {
        while (hold is { IsEnded: true }) hold = hold.Outer;
        return hold;
    }

    // Not for ever: what a flow waits for may be its own, and only time tells.
    private static void Wait(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _waitingAll++;
        try
        {
            // A reading that was forgotten ends with its object: somebody must look for it where nothing else happens.
            if (!Monitor.Wait(Sync, Glance)) ThreadPool.UnsafeQueueUserWorkItem(static _ => GC.Collect(), null);
        }
        finally
        {
            _waitingAll--;
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static CancellationTokenRegistration Woken(CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
        static _ =>
        {
            lock (Sync) Monitor.PulseAll(Sync);
        },
        null);
}
