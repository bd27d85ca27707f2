using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lanyard.Groups.Protocol;

namespace Lanyard.Groups;

/// <summary>Has one rank's part in a refit run against the store, with a clock, until the decision is known.</summary>
/// <param name="records">The group's records.</param>
/// <param name="number">The number of the refit.</param>
/// <param name="rank">The part.</param>
/// <param name="timeout">How long the rank waits for the others.</param>
internal sealed class DecisionLoop(GroupRecords records, long number, RankRefit rank, TimeSpan timeout)
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LastPause = TimeSpan.FromMilliseconds(100);

    /// <summary>The part, as it is now.</summary>
    public RankRefit Rank { get; private set; } = rank;

    /// <summary>What the store threw last.</summary>
    public Exception? Unreachable { get; private set; }

    /// <summary>Enters that all is prepared.</summary>
    public void Vote() => Rank = Rank.Vote();

    /// <summary>Enters that the rank abandons, unless there is a decision.</summary>
    public void GiveUp(ImmutableArray<int> ranks, string reason) => Rank = Rank.GiveUp(ranks, GroupTexts.Reason(reason));

    /// <summary>Looks whether there is a decision, where the rank has not voted.</summary>
    /// <returns>Whether there is.</returns>
    public bool Look(CancellationToken cancellationToken)
    {
        if (Rank.Phase == RankPhase.Open) Ask(cancellationToken);
        return Rank.Phase == RankPhase.Ended;
    }

    /// <summary>Asks the store until there is a decision, or gives up and makes one.</summary>
    /// <param name="wish">Why somebody wants it to be abandoned; null where nobody does.</param>
    /// <param name="cancellationToken">The same, by a token.</param>
    /// <returns>Whether the decision is known; else the store cannot be reached, and the rank may have voted.</returns>
    public bool Run(Func<string?> wish, CancellationToken cancellationToken)
    {
        var (begun, pause, hasLooked) = (Stopwatch.GetTimestamp(), FirstPause, false);
        while (Rank.Phase is not (RankPhase.Closing or RankPhase.Ended))
        {
            if ((cancellationToken.IsCancellationRequested ? GroupTexts.Cancelled : wish()) is { } why)
            {
                GiveUp([Rank.Rank], why);
                break;
            }
            if (Stopwatch.GetElapsedTime(begun) > timeout)
            {
                var (ranks, reason) = Lacking();
                GiveUp(ranks, reason);
                break;
            }
            if (hasLooked && Rank.Next == StoreRequest.FindDecision) pause = Pause(pause, cancellationToken);
            hasLooked |= Rank.Next == StoreRequest.FindDecision;
            if (!Ask(cancellationToken)) pause = Pause(pause, cancellationToken);
        }
        return Close();
    }

    /// <summary>Makes the decision, unless there is one.</summary>
    private bool Close()
    {
        var (begun, pause) = (Stopwatch.GetTimestamp(), FirstPause);
        while (Rank.Phase == RankPhase.Closing)
        {
            // To abandon is what is done when it is cancelled: no token stops it.
            if (Ask(CancellationToken.None)) continue;
            if (Stopwatch.GetElapsedTime(begun) > (timeout < StorePatience ? timeout : StorePatience))
            {
                Rank = Rank.EndAlone();
                return Rank.Phase == RankPhase.Ended;
            }
            pause = Pause(pause, CancellationToken.None);
        }
        return true;
    }

    private static TimeSpan Pause(TimeSpan pause, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(pause);
        return pause * 2 < LastPause ? pause * 2 : LastPause;
    }

    /// <returns>Whether the store has answered.</returns>
    private bool Ask(CancellationToken cancellationToken)
    {
        try
        {
            Rank = Rank.Next switch
            {
                StoreRequest.CreateVote => Rank.Voted(records.CreateVote(number, Rank.Rank, Rank.Own, cancellationToken)),
                StoreRequest.FindVote => Rank.Found(records.FindVote(number, Rank.Asked, cancellationToken)),
                StoreRequest.CreateDecision => Rank.Found(records.CreateDecision(number, Rank.Proposal!, cancellationToken)),
                _ => Rank.Found(records.FindDecision(number, cancellationToken)),
            };
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            // Whatever a store throws that somebody else wrote: the request may have arrived, or arrive later. The rank knows what follows from that, and goes on asking.
            Unreachable = e;
            return false;
        }
    }

    /// <summary>The ranks that keep the others waiting.</summary>
    private (ImmutableArray<int> Ranks, string Reason) Lacking()
    {
        var waited = string.Create(CultureInfo.InvariantCulture, $"within the {timeout.TotalSeconds:0.###} s that rank {Rank.Rank} waited");
        try
        {
            ImmutableArray<int> lacking = [.. Enumerable.Range(0, Rank.Size).Where(other => other != Rank.Rank && records.FindVote(number, other, CancellationToken.None) is null)];
            return lacking.IsEmpty ? ([RankRefit.Teller], $"all had voted, and the votes were not counted {waited}") : (lacking, $"no vote came {waited}");
        }
        catch (Exception e)
        {
            // As above.
            return ([Rank.Rank], $"it did not reach the store {waited}: {e.Message}");
        }
    }
}
