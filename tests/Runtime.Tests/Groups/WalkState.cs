using System.Collections.Immutable;
using Lanyard.Groups.Protocol;

namespace Lanyard.Tests.Groups;

/// <summary>All ranks, the store, and what is on its way to it from processes that have heard no answer.</summary>
internal sealed record WalkState(
    ImmutableList<WalkRank> Ranks,
    ImmutableSortedDictionary<(long Number, int Rank), Vote> Votes,
    ImmutableSortedDictionary<long, Decision> Decisions,
    ImmutableSortedDictionary<string, WalkMessage> Late,
    int Kills,
    int Losses)
{
    public const string First = "v0";

    public string Key => string.Join('\n', Ranks.Select((rank, _) => $"{rank}")
        .Append(string.Join(' ', Votes.Select(vote => $"{vote.Key.Number}/{vote.Key.Rank}:{vote.Value.Self}{vote.Value.Version}")))
        .Append(string.Join(' ', Decisions.Select(decision => $"{decision.Key}:{WalkRank.Told(decision.Value)}")))
        .Append(string.Join(' ', Late.Keys))
        .Append($"{Kills} {Losses}"));

    /// <summary>All live ranks are between refits, with one version.</summary>
    public bool IsQuiet => Ranks.All(rank => rank is { IsDead: false, Join: null, Refit: null }) && Ranks.Select(rank => rank.Version).Distinct().Count() == 1;

    /// <summary>What is mixed: a rank that answers by other weights than the group has, and does not ask what they are.</summary>
    public string? Mixture()
    {
        var (number, version) = Decisions.LastOrDefault(decision => decision.Value.IsCommit) is { Value: { } commit } last ? (last.Key, commit.Serves) : (0, First);
        for (var i = 0; i < Ranks.Count; i++)
        {
            var rank = Ranks[i];
            if (rank.Version is not { } answers || rank.Join is not null || answers == version) continue;
            if (rank.Refit is { MayHaveVoted: true } && rank.Number + 1 == number && rank.Refit.Outcome is RankOutcome.Undecided or RankOutcome.Commit) continue;
            return $"the group has {version} since {number}, and rank {i} answers by {answers}: {rank}";
        }
        return null;
    }
}
