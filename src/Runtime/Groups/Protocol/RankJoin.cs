namespace Lanyard.Groups.Protocol;

/// <summary>How a process becomes a rank, as a value: it finds the last decision, and closes what an earlier process may have voted for under its name.</summary>
/// <remarks>
/// A request of a process that was killed may arrive after the next one has looked. So it is not enough to see no vote: whoever was there before makes the next decision its own,
/// after which no vote for that number counts. Votes for later numbers there cannot be, for nobody votes before he has seen the decision before it.
/// </remarks>
/// <param name="Rank">The rank.</param>
/// <param name="Self">Which process it is.</param>
/// <param name="First">The version that the group began with.</param>
internal sealed record RankJoin(int Rank, string Self, string First)
{
    private const long Unknown = long.MaxValue;

    /// <summary>Whether the mark of the rank is there.</summary>
    public bool IsMarked { get; init; }

    /// <summary>Whether a process was this rank before.</summary>
    public bool IsAgain { get; init; }

    /// <summary>The last number that is known to be decided; 0 where none is.</summary>
    public long Decided { get; init; }

    /// <summary>The first number that is known to be undecided.</summary>
    public long Open { get; init; } = Unknown;

    /// <summary>How far the next look goes.</summary>
    public long Step { get; init; } = 1;

    /// <summary>The version that the group has by the last decision.</summary>
    public string Version { get; init; } = First;

    /// <summary>Whether it is a rank by now.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What it asks of the store next.</summary>
    public StoreRequest Next => HasEnded ? StoreRequest.None : !IsMarked ? StoreRequest.CreateMark : Open - Decided > 1 ? StoreRequest.FindDecision : StoreRequest.CreateDecision;

    /// <summary>The number that is asked for.</summary>
    public long Asked => Open == Unknown ? Decided + Step : Decided + ((Open - Decided) / 2) is var between && between > Decided ? between : Open;

    /// <summary>What it would decide: that nothing comes of a refit which this rank may have voted for.</summary>
    public Decision Proposal => new(false, null, Version, Self, [Rank], "it began again");

    /// <summary>Who had the rank first.</summary>
    public RankJoin Marked(string self) => this with { IsMarked = true, IsAgain = self != Self };

    /// <summary>The decision that was looked for.</summary>
    public RankJoin Found(Decision? decision)
    {
        var asked = Asked;
        var found = decision is null ? this with { Open = asked } : this with { Decided = asked, Version = decision.Serves, Step = Step * 2 };
        return found is { IsAgain: false } && found.Open - found.Decided == 1 ? found with { HasEnded = true } : found;
    }

    /// <summary>The decision that is there now. Where it is another's, the next number is closed, too, for a file system may have shown an old state.</summary>
    public RankJoin Closed(Decision decision) => this with { Decided = Open, Open = Open + 1, Version = decision.Serves, HasEnded = decision.Self == Self };
}
