using System.Collections.Immutable;

namespace Lanyard.Groups.Protocol;

/// <summary>What becomes of one refit, for all ranks.</summary>
/// <param name="IsCommit">Whether all take the new weights; else all keep the old ones.</param>
/// <param name="Version">The version of the refit; null where a rank that began again has closed a number without knowing of any refit.</param>
/// <param name="Serves">The version that the group has from then on.</param>
/// <param name="Self">Which process has decided.</param>
/// <param name="Ranks">The ranks that made it fail.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record Decision(bool IsCommit, string? Version, string Serves, string Self, ImmutableArray<int> Ranks, string Reason)
{
    /// <summary>All take the new weights.</summary>
    public static Decision Commit(Vote vote) => new(true, vote.Version, vote.Version, vote.Self, [], "");

    /// <summary>All keep the old weights.</summary>
    public static Decision Abandon(Vote vote, ImmutableArray<int> ranks, string reason) => new(false, vote.Version, vote.Base, vote.Self, ranks, reason);
}
