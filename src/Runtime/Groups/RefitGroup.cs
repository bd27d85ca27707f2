using Lanyard.Groups;
using Lanyard.Groups.Protocol;
using Lanyard.Index;

namespace Lanyard;

/// <summary>
/// Ranks that take new weights together: all of them, or none. Each is a process with a model of its own; they meet in a store alone, which outlives them. Made by <see cref="Join"/>.
/// </summary>
/// <remarks>
/// <para>
/// Refits are numbered. Each rank brings its weights, prepares them and votes; rank 0 writes down that all commit once all votes are there; whoever fails, is cancelled or has waited for <see cref="Timeout"/>
/// writes down that all abandon. There is one record for each number, the first to be written, and all follow it, those that died and came again too.
/// </para>
/// <para>
/// A rank is one process at a time. Before another one joins in its place, the one before must have ended, or at least answer nobody any more: it is noticed at the next
/// refit that both take part in, and not before.
/// </para>
/// </remarks>
public sealed class RefitGroup
{
    private const int MaxVersion = 1000;
    private const int MaxName = 100;

    private readonly Lock _lock = new();
    private GroupRefit? _open;

    private RefitGroup(IDecisionStore store, string name, int rank, int size, string self) =>
        (Name, Rank, Size, Self, Records) = (name, rank, size, self, new GroupRecords(store, name));

    /// <summary>The group's name.</summary>
    public string Name { get; }

    /// <summary>This rank.</summary>
    public int Rank { get; }

    /// <summary>How many ranks the group has.</summary>
    public int Size { get; }

    /// <summary>The version that the group has, as far as this rank has seen: what its model must have been loaded with.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The last refit that was decided, as far as this rank has seen; 0 for none.</summary>
    public long Number { get; private set; }

    /// <summary>
    /// How long a rank waits, once it has voted, until it abandons: longer than the first rank that is ready has to wait for the last one. It is measured by a clock that nobody sets. 60 s if nothing is said.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public TimeSpan Timeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(60);

    /// <summary>Whether this rank has voted in a refit and does not know what was decided: <see cref="Settle"/> asks again.</summary>
    public bool IsUndecided
    {
        get
        {
            lock (_lock) return _open is { IsUndecided: true };
        }
    }

    /// <summary>Which process this is, of all that ever were this rank.</summary>
    internal string Self { get; }

    internal GroupRecords Records { get; }

    /// <summary>
    /// Makes this process a rank of a group. Whoever is first makes the group; a process that takes the place of one that died abandons the refit that went on, unless that was decided.
    /// <see cref="Version"/> is what it must load then, and what it answers by until the first refit.
    /// </summary>
    /// <param name="store">The store, the same one for all ranks.</param>
    /// <param name="name">The group: lower-case letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>/</c>. A group that grows, shrinks or begins anew has another name.</param>
    /// <param name="rank">Which rank this is: 0 to one less than the size.</param>
    /// <param name="size">How many ranks there are.</param>
    /// <param name="first">The version that a new group begins with. In one that is there nobody looks at it.</param>
    /// <param name="cancellationToken">Stops the waiting for the store.</param>
    /// <exception cref="GroupRefitException">The group has another size.</exception>
    /// <exception cref="DecisionStoreException">The store cannot be reached, or the group's records are none. Nothing is decided; join again.</exception>
    public static RefitGroup Join(IDecisionStore store, string name, int rank, int size, string first, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        DecisionRecords.Check(name, nameof(name));
        if (name.Length > MaxName) throw new ArgumentException($"A group's name has at most {MaxName} characters.", nameof(name));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, size);
        CheckVersion(first, nameof(first));
        var group = new RefitGroup(store, name, rank, size, $"{Guid.NewGuid():N}");
        var known = group.Records.CreateGroup(size, first, cancellationToken);
        if (known.Size != size) throw new GroupRefitException($"Group {name} has {known.Size} ranks, and rank {rank} joined one of {size}. A group of another size has another name.", name, 0, [rank], $"it joined a group of {size} ranks, and this one has {known.Size}");
        var join = new RankJoin(rank, group.Self, known.First);
        while (!join.HasEnded) join = group.Ask(join, cancellationToken);
        (group.Number, group.Version) = (join.Decided, join.Version);
        return group;
    }

    /// <summary>
    /// Begins the next refit of the group on this rank, a staged one: in place there is no way back, so that no group can have it. Each rank does so, with the same version. Where others have
    /// abandoned it by now, that is told at once.
    /// </summary>
    /// <param name="model">The rank's model, or a part of it; it has the group's <see cref="Version"/>.</param>
    /// <param name="version">What the new weights are called, the same on all ranks, and not like those that are there.</param>
    /// <param name="scope">What the refit must bring to be complete.</param>
    /// <param name="options">What the refit may do beside the declared map. It says nothing of versions.</param>
    /// <param name="cancellationToken">Stops the waiting for the store.</param>
    /// <returns>The refit, to be committed and disposed.</returns>
    /// <exception cref="GroupRefitException">
    /// The refit was abandoned on all ranks: by another, or since this one cannot begin it, as where its model has another version. Or the group has taken weights without this process,
    /// or has these already.
    /// </exception>
    /// <exception cref="ModelStateException">A refit of the group is open in this process.</exception>
    /// <exception cref="DecisionStoreException">The store cannot be reached. Nothing was begun.</exception>
    public GroupRefit BeginRefit(IParameterModule model, string version, RefitScope scope = RefitScope.Whole, LoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckVersion(version, nameof(version));
        if (options is { Version: not null } or { BuildsOn: not null }) throw new ArgumentException("A group says itself what the weights are called and what they build on.", nameof(options));
        lock (_lock)
        {
            if (_open is not null) throw new ModelStateException($"Refit {_open.Number} of group {Name} is open on rank {Rank}: {(_open.IsUndecided ? "it is not known what was decided. Settle it first." : "commit it or dispose of it first.")}");
            CatchUp(model, version, cancellationToken);
            if (version == Version) throw new GroupRefitException($"Group {Name} has version {NameFolding.Shown(version)} already, since refit {Number}.", Name, Number, [Rank], "the group has that version already");
            var refit = new GroupRefit(this, Number + 1, version);
            refit.Begin(model, scope, (options ?? LoadOptions.Default) with { Version = version, BuildsOn = Version });
            return _open = refit;
        }
    }

    /// <summary>Asks the store what was decided of a refit that this rank has voted in and does not know of, and follows it. Does nothing where there is none.</summary>
    /// <returns>The version that the group has.</returns>
    /// <exception cref="GroupRefitException">The store still cannot be reached, or this rank cannot follow.</exception>
    public string Settle()
    {
        GroupRefit? open;
        lock (_lock) open = _open;
        if (open is { IsUndecided: true }) open.Settle();
        return Version;
    }

    /// <summary>Enters a decision that this rank has followed, or has to.</summary>
    internal void Enter(GroupRefit refit, Decision? decision)
    {
        lock (_lock)
        {
            if (decision is not null) (Number, Version) = (refit.Number, decision.Serves);
            if (ReferenceEquals(_open, refit)) _open = null;
        }
    }

    private static void CheckVersion(string version, string argument)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(version, argument);
        _ = DecisionRecords.Bytes(version, argument);
        if (version.Length > MaxVersion) throw new ArgumentException($"A version has at most {MaxVersion} characters.", argument);
    }

    private RankJoin Ask(RankJoin join, CancellationToken cancellationToken) => join.Next switch
    {
        StoreRequest.CreateMark => join.Marked(Records.CreateMark(Rank, Self, GroupTexts.Process, cancellationToken)),
        StoreRequest.FindDecision => join.Found(Records.FindDecision(join.Asked, cancellationToken)),
        _ => join.Closed(Records.CreateDecision(join.Asked, join.Proposal, cancellationToken)),
    };

    /// <summary>Enters what was decided since: refits that others have abandoned before this rank began them.</summary>
    private void CatchUp(IParameterModule model, string version, CancellationToken cancellationToken)
    {
        while (Records.FindDecision(Number + 1, cancellationToken) is { } decision)
        {
            (Number, Version) = (Number + 1, decision.Serves);
            if (decision.IsCommit && model.Parameters.Version != decision.Serves) throw LeftBehind(model, decision);
            if (!decision.IsCommit && decision.Version == version) throw GroupTexts.Abandoned(this, Number, decision, null);
        }
    }

    /// <summary>Tears a model that has other weights than the group, which has taken new ones without this process.</summary>
    private GroupRefitException LeftBehind(IParameterModule model, Decision decision)
    {
        try
        {
            using var session = new RefitSession(ModelIndex.Of(model.Parameters), RefitMode.Staged, RefitScope.Whole, LoadOptions.Default, $"group {Name}");
            session.Update.LeaveBehind(GroupTexts.Left(this, Number, decision));
        }
        catch (LanyardException)
        {
            // Somebody else changes it, or it was never loaded: the exception says what there is to say.
        }
        return GroupTexts.LeftBehind(this, Number, decision);
    }
}
