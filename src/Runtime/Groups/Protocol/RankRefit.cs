using System.Collections.Immutable;

namespace Lanyard.Groups.Protocol;

/// <summary>
/// One rank's part in one refit, as a value: what it asks of the store next, and what it becomes by the answer. It waits for nothing and knows no clock: a test walks all ways through it.
/// </summary>
/// <remarks>
/// Whatever may have voted knows nothing until it has seen the decision: it may not end alone. What has not voted, and never will, may, for the group cannot commit without it.
/// </remarks>
/// <param name="Rank">The rank.</param>
/// <param name="Size">How many ranks there are.</param>
/// <param name="Own">Its vote, once all is prepared.</param>
internal sealed record RankRefit(int Rank, int Size, Vote Own)
{
    /// <summary>The rank that counts the votes.</summary>
    public const int Teller = 0;

    /// <summary>Where it is.</summary>
    public RankPhase Phase { get; init; }

    /// <summary>Whether its vote is there, or may be, or may come to be there.</summary>
    public bool MayHaveVoted { get; init; }

    /// <summary>Of the teller: the ranks whose votes agree with its own.</summary>
    public ImmutableSortedSet<int> Agreed { get; init; } = [];

    /// <summary>Of the teller: the rank whose vote is asked for next; -1 for the decision.</summary>
    public int Asked { get; init; } = -1;

    /// <summary>What it would decide.</summary>
    public Decision? Proposal { get; init; }

    /// <summary>What was decided.</summary>
    public Decision? Decision { get; init; }

    /// <summary>What it asks of the store next. Where the weights still come that is a look whether they are in vain.</summary>
    public StoreRequest Next => Phase switch
    {
        RankPhase.Open => StoreRequest.FindDecision,
        RankPhase.Voting => StoreRequest.CreateVote,
        RankPhase.Waiting => Asked < 0 ? StoreRequest.FindDecision : StoreRequest.FindVote,
        RankPhase.Closing => StoreRequest.CreateDecision,
        _ => StoreRequest.None,
    };

    /// <summary>What is to be done with the weights.</summary>
    public RankOutcome Outcome => Phase != RankPhase.Ended ? RankOutcome.Undecided
        : Decision is not { IsCommit: true } decision ? RankOutcome.Abandon
        : MayHaveVoted && decision.Version == Own.Version ? RankOutcome.Commit
        : RankOutcome.LeftBehind;

    /// <summary>All is prepared, and nothing can keep the rank from taking either weights: it votes.</summary>
    public RankRefit Vote() => Phase == RankPhase.Open ? this with { Phase = RankPhase.Voting, MayHaveVoted = true } : this;

    /// <summary>The vote that is there under its name: its own, or that of another process which is this rank, too.</summary>
    public RankRefit Voted(Vote there) => Phase != RankPhase.Voting ? this
        : there.Self == Own.Self ? this with { Phase = RankPhase.Waiting, Agreed = [Rank] }
        : GiveUp([Rank], $"two processes vote as this rank: {Own.Process}, and {there.Process}");

    /// <summary>The decision that was found, or made.</summary>
    public RankRefit Found(Decision? decision)
    {
        if (decision is not null) return this with { Phase = RankPhase.Ended, Decision = decision, Asked = -1 };
        return Phase == RankPhase.Waiting && Rank == Teller ? Asking(0) : this;
    }

    /// <summary>The vote of the rank that was asked for.</summary>
    public RankRefit Found(Vote? vote)
    {
        if (Phase != RankPhase.Waiting || Asked < 0) return this;
        if (vote is null) return Asking(Asked + 1);
        if (vote.Base != Own.Base || vote.Version != Own.Version) return GiveUp([Rank, Asked], $"the ranks bring other weights: rank {Rank} {Told(Own)}, rank {Asked} {Told(vote)}");
        var counted = this with { Agreed = Agreed.Add(Asked) };
        return counted.Agreed.Count == Size ? counted with { Phase = RankPhase.Closing, Proposal = Decision.Commit(Own), Asked = -1 } : counted.Asking(Asked + 1);
    }

    /// <summary>The rank has failed, was cancelled or has waited for long enough: it abandons, unless there is a decision.</summary>
    /// <param name="ranks">The ranks that made it fail.</param>
    /// <param name="reason">Why.</param>
    public RankRefit GiveUp(ImmutableArray<int> ranks, string reason) => Phase is RankPhase.Closing or RankPhase.Ended ? this : this with { Phase = RankPhase.Closing, Proposal = Decision.Abandon(Own, ranks, reason), Asked = -1 };

    /// <summary>Ends without the store, where the rank cannot have voted; else it stays as it is.</summary>
    public RankRefit EndAlone() => Phase == RankPhase.Closing && !MayHaveVoted ? this with { Phase = RankPhase.Ended, Decision = Proposal } : this;

    private static string Told(Vote vote) => $"{vote.Version} on {vote.Base}";

    private RankRefit Asking(int rank)
    {
        while (rank < Size && Agreed.Contains(rank)) rank++;
        // A group of one is complete by its own vote.
        if (Agreed.Count == Size) return this with { Phase = RankPhase.Closing, Proposal = Decision.Commit(Own), Asked = -1 };
        return this with { Asked = rank < Size ? rank : -1 };
    }
}
