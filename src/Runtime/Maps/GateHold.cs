namespace Lanyard.Maps;

/// <summary>A reading of a module, or a change of some, while it lasts. Compared by reference.</summary>
/// <param name="gates">The gates.</param>
/// <param name="isReading">Whether it reads.</param>
/// <param name="outer">What the same flow of control had open when it began, or null.</param>
internal sealed class GateHold(IReadOnlyCollection<ModelGate> gates, bool isReading, GateHold? outer) : IDisposable
{
    private GateHold? _outer = outer;
    private int _ended;

    public IReadOnlyCollection<ModelGate> Gates => gates;

    public bool IsReading => isReading;

    /// <summary>What the same flow had open around it and still has, or null.</summary>
    public GateHold? Outer
    {
        get
        {
            // Shortened, or a loop in which each reading begins before the last one ends would keep them all.
            while (_outer is { IsEnded: true } ended) _outer = ended._outer;
            return _outer;
        }
    }

    /// <summary>Whether the same flow had closed none of the gates before.</summary>
    public bool IsOutermost => gates.All(gate => gate.IsClosedBy(this));

    public DateTime Begun { get; } = DateTime.UtcNow;

    public bool IsEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Whether it is open around another.</summary>
    public bool IsOf(GateHold? other)
    {
        while (other is not null && !ReferenceEquals(other, this)) other = other.Outer;
        return other is not null && !IsEnded;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) ModelGate.End(this);
    }
}
