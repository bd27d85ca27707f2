using Lanyard.Maps;
using Lanyard.Updates;

namespace Lanyard;

/// <summary>What goes on with a model: a load, a refit, an export or checksums, as whoever watches the model sees it.</summary>
public sealed class OpenSession
{
    private readonly ModelSession _session;

    internal OpenSession(ModelSession session) => _session = session;

    /// <summary>What it is: <c>a staged refit</c>.</summary>
    public string Kind => _session.Kind;

    /// <summary>Who began it: <see cref="LoadOptions.By"/>; null where nobody said it.</summary>
    public string? By => _session.By;

    /// <summary>When it began, UTC.</summary>
    public DateTime Begun => _session.Begun;

    /// <summary>When it ends by itself, UTC, if nothing comes: <see cref="LoadOptions.Lease"/>; null for never.</summary>
    public DateTime? Expires => Update?.Expires;

    /// <summary>Whether it changes weights; an export and checksums do not.</summary>
    public bool IsUpdate => Update is not null;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _session.HasEnded;

    private IUpdateProgress? Update => _session.Owner as IUpdateProgress;

    /// <summary>What has come, what lacks and what is wrong so far; null of what changes nothing.</summary>
    public RefitProgress? Progress() => Update?.Progress();

    /// <summary>
    /// Ends it for whoever began it, as if that one had disposed of it, when the write has ended that is under way: a staged refit leaves the old weights, one in place a torn
    /// model. Does nothing to one that moves its values into place by now. Waits until the model is free, but not where it is called from within a write of the session, which it ends with.
    /// A refit that has voted in a group ends when the group has decided: the wish is passed on to all ranks, and nothing is waited for.
    /// </summary>
    /// <param name="reason">Why: whoever goes on with it is told.</param>
    /// <exception cref="InvalidOperationException">It is an export or checksums, which end by themselves.</exception>
    public void End(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        if (_session.Owner is not { } owner) throw new InvalidOperationException($"{_session} changes nothing, and ends by itself.");
        owner.End(reason);
    }

    /// <summary>What it is, by whom and since when.</summary>
    public override string ToString() => _session.ToString();
}
