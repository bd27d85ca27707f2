using Lanyard.Groups.Protocol;

namespace Lanyard.Tests.Groups;

/// <summary>A rank in a walk: dead, joining, between refits, or in one.</summary>
/// <param name="Life">Which process it is.</param>
/// <param name="Number">The last refit that it knows the decision of.</param>
/// <param name="Version">What it answers by; null where it does not.</param>
/// <param name="Join">How it becomes a rank; null when it is one.</param>
/// <param name="Refit">Its part in a refit; null between them.</param>
internal sealed record WalkRank(int Life, long Number, string? Version, RankJoin? Join, RankRefit? Refit)
{
    public bool IsDead => Version is null && Join is null;

    public override string ToString() => Join is { } join ? $"{Life} joins {join.IsMarked} {join.IsAgain} {join.Decided} {join.Open} {join.Version}"
        : Refit is { } refit ? $"{Life} {Number} {Version} in {refit.Phase} {refit.MayHaveVoted} {refit.Own.Version} {string.Join(',', refit.Agreed)} {refit.Asked} {Told(refit.Proposal)} {Told(refit.Decision)}"
        : $"{Life} {Number} {Version}";

    public static string Told(Decision? decision) => decision is null ? "-" : $"{(decision.IsCommit ? '+' : '!')}{decision.Self}{decision.Version}";
}
