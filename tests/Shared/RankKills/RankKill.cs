namespace Lanyard.Ranks;

/// <summary>Which rank is killed, where, and when another process takes its place.</summary>
/// <param name="Rank">The rank; null for all at once.</param>
/// <param name="Point">The call of the store that it is stopped at, to be killed there; null for some time after the beginning.</param>
/// <param name="IsLate">Whether the next process comes when the others have ended the refit.</param>
internal sealed record RankKill(int? Rank, string? Point, bool IsLate)
{
    public static readonly string[] BeforeVote = ["before write", "before prepare", "before create vote"];
    private static readonly string[] Voted = ["after create vote", "before find decision"];
    private static readonly string[] Telling = ["before find vote", "after find vote", "before create decision"];

    /// <summary>One of each kind, and as many at any time.</summary>
    public static IEnumerable<RankKill> Round(Random random)
    {
        List<RankKill> kills =
        [
            .. BeforeVote.Concat(Voted).Concat(Telling).Append("after create decision").Select(point => new RankKill(0, point, random.Next(3) == 0)),
            .. BeforeVote.Concat(Voted).Append("after find decision").Select(point => new RankKill(random.Next(1, 3), point, random.Next(3) == 0)),
            .. Enumerable.Range(0, 8).Select(i => new RankKill(i % 3, null, random.Next(3) == 0)),
            new(null, null, false),
        ];
        var array = kills.ToArray();
        random.Shuffle(array);
        return array;
    }

    /// <summary>Whether the others must have the new weights, or must not; null where either may be.</summary>
    public bool? IsCommitted => Point is null ? null
        : BeforeVote.Contains(Point) ? false
        : Rank == 0 ? Point is "after create decision"
        : Point == "after find decision" || IsLate ? true
        : null;

    public override string ToString() => $"{(Rank is null ? "all ranks" : Rank == 0 ? "rank 0, which counts" : "another rank")}, {Point ?? "at any time"}";
}
