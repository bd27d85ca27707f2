using Lanyard.Groups.Protocol;
using Xunit.Abstractions;

namespace Lanyard.Tests.Groups;

/// <summary>
/// All ways that two and three ranks can go through refits: no live rank has new weights while another has old ones for good, and from everywhere there is a way to an end.
/// With <c>LANYARD_WALKS=all</c> with more kills and losses.
/// </summary>
public sealed class ProtocolTests(ITestOutputHelper output)
{
    public static TheoryData<int, int, int, int, int> Groups
    {
        get
        {
            var groups = new TheoryData<int, int, int, int, int> { { 1, 2, 1, 2, 2 }, { 2, 2, 1, 1, 1 }, { 2, 1, 2, 2, 1 }, { 3, 1, 1, 1, 0 } };
            if (Environment.GetEnvironmentVariable("LANYARD_WALKS") != "all") return groups;
            groups.Add(2, 2, 2, 2, 1);
            groups.Add(3, 1, 1, 1, 1);
            groups.Add(3, 1, 1, 2, 0);
            return groups;
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void No_way_leads_to_a_mixture_and_all_can_end(int size, int refits, int versions, int kills, int losses)
    {
        var walk = new ProtocolWalk(new WalkRules(), size, refits, versions);
        var wrong = walk.Run(kills, losses);
        output.WriteLine($"{size} ranks, {refits} refits, {versions} versions, {kills} kills, {losses} losses: {walk.States} states, {walk.Steps} steps, {walk.Commits} states after a commit");
        Assert.Null(wrong);
        Assert.True(walk.Commits > 0, "nothing was ever committed");
    }

    public static TheoryData<string> Broken => [.. Variants.Keys];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_protocol_that_is_broken_is_found(string variant)
    {
        var (rules, kills, losses) = Variants[variant];
        var wrong = new ProtocolWalk(rules, 2, 2, 1).Run(kills, losses);
        output.WriteLine($"{variant}: {wrong}");
        Assert.NotNull(wrong);
        Assert.StartsWith("the group has ", wrong, StringComparison.Ordinal);
    }

    private static Dictionary<string, (WalkRules Rules, int Kills, int Losses)> Variants { get; } = new()
    {
        ["the teller decides without all votes"] = (new Hasty(), 0, 0),
        ["who waits too long abandons for himself"] = (new Selfish(), 0, 0),
        ["who begins again closes nothing"] = (new Trusting(), 1, 1),
        ["who begins again loads what the group began with"] = (new Forgetful(), 1, 0),
        ["the last decision counts, not the first"] = (new Overwriting(), 0, 0),
    };

    private sealed class Hasty : WalkRules
    {
        public override RankRefit Found(RankRefit rank, Vote? vote) => rank.Found(vote ?? rank.Own);
    }

    private sealed class Selfish : WalkRules
    {
        public override RankRefit EndAlone(RankRefit rank) => (rank with { MayHaveVoted = false }).EndAlone();
    }

    private sealed class Trusting : WalkRules
    {
        public override RankJoin Marked(RankJoin join, string self) => join.Marked(join.Self);
    }

    private sealed class Forgetful : WalkRules
    {
        public override string Loaded(RankJoin join) => join.First;
    }

    private sealed class Overwriting : WalkRules
    {
        public override Decision Decided(Decision? there, Decision created) => created;
    }
}
