using Lanyard.Ranks;

namespace Lanyard.Distributed.Tests.Etcd;

/// <summary>When etcd is killed in a refit, whether a rank is killed with it, and when it is started again.</summary>
/// <param name="Rank">The rank that stops at the point, or is killed.</param>
/// <param name="Point">The call of the store that the rank stops at meanwhile; null for some time after the beginning.</param>
/// <param name="IsRankKilled">Whether the rank is killed, too; else it goes on.</param>
/// <param name="IsLate">Whether etcd comes when all live ranks have given up; else at once.</param>
internal sealed record EtcdKill(int Rank, string? Point, bool IsRankKilled, bool IsLate)
{
    /// <summary>One at each call of both kinds of ranks, and as many at any time.</summary>
    public static IEnumerable<EtcdKill> Round(Random random)
    {
        var kills = RankKill.Round(random).Select(kill => new EtcdKill(kill.Rank ?? 0, kill.Point, random.Next(3) == 0, random.Next(2) == 0)).ToArray();
        random.Shuffle(kills);
        return kills;
    }

    /// <summary>Whether all must have the new weights, or must not; null where either may be.</summary>
    public bool? IsCommitted => Point switch
    {
        null => null,
        "after create decision" or "after find decision" => true,
        _ when RankKill.BeforeVote.Contains(Point) => IsLate || IsRankKilled ? false : null,

        // Nobody else says that all commit. Where it lives it may have said so to itself, and says it when etcd is there again.
        _ => Rank == 0 && IsRankKilled ? false : null,
    };

    public override string ToString() => $"etcd{(IsRankKilled ? $" and {Who}" : "")}, {(Point is null ? "at any time" : IsRankKilled ? Point : $"{Who} being {Point}")}";

    private string Who => Rank == 0 ? "rank 0, which counts" : "another rank";
}
