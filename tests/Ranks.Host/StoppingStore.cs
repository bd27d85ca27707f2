namespace Lanyard.Ranks;

/// <summary>
/// A store at whose calls the process stops where it is told to, to be killed there or to go on when the store is away: <c>before create vote</c>, <c>after find decision</c>. It finds nothing of interest before it has voted.
/// </summary>
internal sealed class StoppingStore(IDecisionStore store) : IDecisionStore
{
    private bool _hasVoted;

    /// <summary>Where to stop; null for nowhere.</summary>
    public string? Point
    {
        get;
        set => (field, _hasVoted) = (value, false);
    }

    public string? Find(string name, CancellationToken cancellationToken = default)
    {
        if (_hasVoted) Reach($"before find {Kind(name)}");
        var record = store.Find(name, cancellationToken);
        if (_hasVoted && record is not null) Reach($"after find {Kind(name)}");
        return record;
    }

    public string Create(string name, string record, CancellationToken cancellationToken = default)
    {
        Reach($"before create {Kind(name)}");
        var there = store.Create(name, record, cancellationToken);
        _hasVoted |= Kind(name) == "vote";
        Reach($"after create {Kind(name)}");
        return there;
    }

    /// <summary>Stops until the next line, if this is where.</summary>
    public void Reach(string point)
    {
        if (point != Point) return;
        Console.WriteLine($"at {point}");
        Point = null;

        // It ends with whoever started it.
        if (Console.ReadLine() is null) Environment.Exit(1);
    }

    private static string Kind(string name) => name.EndsWith("/decision", StringComparison.Ordinal) ? "decision" : "vote";
}
