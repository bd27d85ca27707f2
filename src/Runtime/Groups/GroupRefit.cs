using Lanyard.Groups;
using Lanyard.Groups.Protocol;
using Lanyard.Index;
using Lanyard.Live;

namespace Lanyard;

/// <summary>
/// One rank's part in one refit of a group: weights come to <see cref="Session"/>, and take effect at <see cref="Commit"/> on all ranks, or on none. Made by <see cref="RefitGroup.BeginRefit"/>.
/// </summary>
public sealed class GroupRefit : IDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly RefitGroup _group;
    private readonly DecisionLoop _loop;
    private readonly Lock _lock = new();
    private RefitSession? _session;
    private Exception? _cause;
    private bool _isRunning;
    private bool _hasEnded;
    private string? _endWanted;

    internal GroupRefit(RefitGroup group, long number, string version)
    {
        (_group, Number, Version) = (group, number, version);
        _loop = new DecisionLoop(group.Records, number, new RankRefit(group.Rank, group.Size, new Vote(group.Version, version, group.Self, GroupTexts.Process)), group.Timeout);
    }

    /// <summary>The number of the refit in the group.</summary>
    public long Number { get; }

    /// <summary>What the new weights are called.</summary>
    public string Version { get; }

    /// <summary>What takes the weights. Its own <see cref="RefitSession.Commit()"/> is refused; once this rank has voted it ends with the decision alone.</summary>
    public RefitSession Session => _session!;

    /// <summary>Whether this rank may have voted and does not know what was decided.</summary>
    internal bool IsUndecided
    {
        get
        {
            lock (_lock) return !_isRunning && _loop.Rank is { MayHaveVoted: true, Outcome: RankOutcome.Undecided };
        }
    }

    /// <summary>Takes the model for the refit, or has all abandon it.</summary>
    internal void Begin(IParameterModule model, RefitScope scope, LoadOptions options)
    {
        try
        {
            if (model.Parameters.Version != _group.Version) throw new ModelStateException($"Rank {_group.Rank} has {(model.Parameters.Version is { } version ? $"version {NameFolding.Shown(version)}" : "weights without a version")}, and group {_group.Name} has {NameFolding.Shown(_group.Version)}: load that, with LoadOptions.Version.");
            var index = ModelIndex.Of(model.Parameters);
            AllocatedMemory.Check(index, options);
            _session = new RefitSession(index, RefitMode.Staged, scope, options, $"refit {Number} of group {_group.Name}");
        }
        catch (Exception e)
        {
            // Whatever it is, the others wait for this rank in vain.
            _cause = e;
            End(e.Message);
            throw GroupTexts.Abandoned(_group, Number, _loop.Rank.Decision!, e);
        }
    }

    /// <summary>
    /// Makes the new weights live on this rank and on all others: prepares them, votes, waits for the decision and follows it. Where it is to commit, the commit waits for readings as
    /// <see cref="RefitSession.Commit()"/> does, and nothing stops it.
    /// </summary>
    /// <param name="cancellationToken">Has all ranks abandon the refit, unless it is decided.</param>
    /// <returns>What was written and which methods ran.</returns>
    /// <exception cref="GroupRefitException">
    /// The refit was abandoned on all ranks, for the reason that it says. Or, with <see cref="GroupRefitException.IsUndecided"/>, the store cannot be reached: call this again, or
    /// <see cref="RefitGroup.Settle"/>. Or all others have the new weights and this rank could not take them: its model is torn then, and refuses to run until it is loaded with them.
    /// </exception>
    /// <exception cref="ModelStateException">The refit was committed before, or another thread commits it.</exception>
    public LoadReport Commit(CancellationToken cancellationToken = default) => Run(cancellationToken) ?? throw GroupTexts.Abandoned(_group, Number, _loop.Rank.Decision!, _cause);

    /// <summary>Abandons the refit on all ranks, unless it is decided: for what keeps this one from bringing its weights.</summary>
    /// <param name="reason">Why: all ranks are told.</param>
    public void Abandon(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        End(reason);
    }

    /// <summary>
    /// Abandons the refit on all ranks, where this one has not voted yet. Where it has, and does not know what was decided, the refit stays open, and <see cref="RefitGroup.Settle"/> ends it.
    /// </summary>
    public void Dispose() => End(null);

    /// <summary>Asks what was decided, and follows it.</summary>
    internal void Settle() => _ = Run(CancellationToken.None);

    private void End(string? reason)
    {
        lock (_lock)
        {
            if (_hasEnded) return;
            if (_isRunning) _endWanted ??= reason ?? "it was disposed of while it was committed";

            // What has voted ends with the decision.
            if (_isRunning || _loop.Rank.MayHaveVoted) return;
            _loop.GiveUp([_group.Rank], reason ?? _session?.Update.Reason ?? "it was disposed of without a commit");
            _isRunning = true;
        }
        try
        {
            _loop.Run(Wish, CancellationToken.None);
            Follow();
        }
        catch (GroupRefitException) when (_hasEnded && reason is null)
        {
            // It was left behind. The model says so itself, and a disposal is no place to.
        }
        finally
        {
            lock (_lock) _isRunning = false;
        }
    }

    /// <returns>What was written; null where the refit was abandoned.</returns>
    private LoadReport? Run(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isRunning) throw new ModelStateException($"{GroupTexts.Title(_group, Number, Version)} is being committed by another thread.");
            if (_hasEnded) return _loop.Rank.Outcome == RankOutcome.Abandon ? null : throw new ModelStateException($"{GroupTexts.Title(_group, Number, Version)} was committed by the group.");
            _isRunning = true;
        }
        try
        {
            Vote(cancellationToken);
            return _loop.Run(Wish, cancellationToken) ? Follow() : throw GroupTexts.Undecided(_group, Number, _loop.Rank.Own, _loop.Unreachable);
        }
        finally
        {
            lock (_lock) _isRunning = false;
        }
    }

    /// <summary>Has everything done that can fail, and votes.</summary>
    private void Vote(CancellationToken cancellationToken)
    {
        if (_loop.Rank.Phase != RankPhase.Open || _loop.Look(cancellationToken)) return;
        try
        {
            Session.Prepare(cancellationToken);
            Session.Update.Bind($"{GroupTexts.Title(_group, Number, Version)} on rank {_group.Rank}");
            _loop.Vote();
        }
        catch (Exception e)
        {
            // Whatever it is, the others wait for this rank in vain.
            _cause = e;
            _loop.GiveUp([_group.Rank], e is OperationCanceledException ? GroupTexts.Cancelled : e.Message);
        }
    }

    private string? Wish() => Volatile.Read(ref _endWanted) ?? _session?.Update.EndWanted;

    /// <summary>Does what was decided.</summary>
    private LoadReport? Follow()
    {
        var decision = _loop.Rank.Decision!;
        switch (_loop.Rank.Outcome)
        {
            case RankOutcome.Commit:
                return CommitDecided(decision);
            case RankOutcome.Abandon:
                _session?.Update.AbandonBound(GroupTexts.Abandoned(_group, Number, decision, null).Message);

                // Of what this rank decided alone the group knows nothing: the number is open.
                Ended(ReferenceEquals(decision, _loop.Rank.Proposal) ? null : decision);
                return null;
            default:
                _session?.Update.LeaveBehind(GroupTexts.Left(_group, Number, decision));
                Ended(decision);
                throw GroupTexts.LeftBehind(_group, Number, decision);
        }
    }

    private LoadReport CommitDecided(Decision decision)
    {
        while (true)
        {
            try
            {
                var report = Session.Update.CommitBound(GroupTexts.Left(_group, Number, decision));
                Ended(decision);
                return report;
            }
            catch (ModelStateException) when (Session.Update.HasWaitedInVain)
            {
                // A reading of whoever waits for this. It will end, and all others have the new weights.
                Thread.Sleep(RetryPause);
            }
            catch (Exception e)
            {
                // Whatever it is, the model is torn by now, or disposed.
                Ended(decision);
                throw GroupTexts.LeftBehind(_group, Number, decision, e);
            }
        }
    }

    private void Ended(Decision? decision)
    {
        lock (_lock) _hasEnded = true;
        _group.Enter(this, decision);
    }
}
