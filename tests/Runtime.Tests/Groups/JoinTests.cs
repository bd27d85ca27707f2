using Lanyard.Tests.Models;

namespace Lanyard.Tests.Groups;

/// <summary>How processes become ranks, again after a death, and what is told where two of them are one rank.</summary>
public sealed class JoinTests
{
    [Fact]
    public void Whoever_comes_first_says_what_a_group_begins_with()
    {
        var store = new MemoryStore();
        Assert.Equal("a", RefitGroup.Join(store, "engine", 1, 2, "a").Version);
        var second = RefitGroup.Join(store, "engine", 0, 2, "b");
        Assert.Equal(("a", 0L), (second.Version, second.Number));
        var told = Assert.Throws<GroupRefitException>(() => RefitGroup.Join(store, "engine", 2, 3, "a"));
        Assert.Contains("Group engine has 2 ranks, and rank 2 joined one of 3", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Engine")]
    [InlineData("../engine")]
    [InlineData("a//b")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("-a")]
    [InlineData("a/")]
    public void Names_that_some_store_could_not_keep_are_refused(string name) => Assert.Throws<ArgumentException>(() => RefitGroup.Join(new MemoryStore(), name, 0, 1, "a"));

    [Fact]
    public void Ranks_are_within_the_size_and_versions_are_not_empty()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RefitGroup.Join(new MemoryStore(), "a", 2, 2, "a"));
        Assert.Throws<ArgumentOutOfRangeException>(() => RefitGroup.Join(new MemoryStore(), "a", -1, 2, "a"));
        Assert.Throws<ArgumentOutOfRangeException>(() => RefitGroup.Join(new MemoryStore(), "a", 0, 0, "a"));
        Assert.Throws<ArgumentException>(() => RefitGroup.Join(new MemoryStore(), "a", 0, 1, ""));
        Assert.Throws<ArgumentException>(() => RefitGroup.Join(new MemoryStore(), new string('a', 101), 0, 1, "a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void A_process_that_comes_again_finds_the_last_decision(int refits)
    {
        using var members = new Members(1);
        for (var i = 1; i <= refits; i++)
        {
            if (i % 3 == 2) members[0].Begun($"v{i}").Dispose();
            else members[0].Refit($"v{i}");
        }
        var (asked, last) = (0, members[0].Group);
        members.Store.Before = (_, _) => asked++;
        var again = RefitGroup.Join(members.Store, "engine", 0, 1, "v0");
        Assert.Equal((last.Version, last.Number + 1), (again.Version, again.Number));
        Assert.True(asked < 16, $"{asked} calls");
    }

    [Fact]
    public void A_process_that_comes_again_abandons_what_goes_on_and_the_others_need_not_wait()
    {
        using var members = new Members(2);
        var other = Members.Apart(() => Assert.Throws<GroupRefitException>(() => members[0].Refit()));
        SpinWait.SpinUntil(() => members.Store.Names.Contains("engine/1/rank-0"));
        using var again = new Member(members.Store, 1, 2);
        var told = Members.Of(other);
        Assert.Equal(("it began again", 1), (told.Reason, Assert.Single(told.Ranks)));
        members[0].HasOld();
        Assert.Equal("v0", again.Group.Version);

        var commits = new[] { members[0], again }.Select(member => Members.Apart(() => member.Refit())).ToList();
        Assert.All(commits, commit => Members.Of(commit));
        members[0].HasNew();
        again.HasNew();
    }

    [Fact]
    public void A_process_that_has_voted_and_died_loads_what_was_committed()
    {
        using var members = new Members(2);
        using var died = new ManualResetEventSlim();
        var isDead = false;
        members.Store.Before = (_, name) =>
        {
            // The second one has voted, and hears nothing any more.
            if (Volatile.Read(ref isDead) && Thread.CurrentThread.Name == "dead") Thread.Sleep(Timeout.Infinite);
        };
        members.Store.After = (call, name) =>
        {
            if (call != "create" || !name.EndsWith("1/rank-1", StringComparison.Ordinal)) return;
            Thread.CurrentThread.Name = "dead";
            Volatile.Write(ref isDead, true);
        };
        var dead = new Thread(() => members[1].Refit()) { IsBackground = true };
        dead.Start();
        members[0].Refit();
        members[0].HasNew();
        var again = RefitGroup.Join(members.Store, "engine", 1, 2, "v0");
        Assert.Equal(("v1", 2L), (again.Version, again.Number));
    }

    [Fact]
    public void Two_processes_that_are_one_rank_are_found_when_both_vote()
    {
        using var members = new Members(1);
        using var twin = new Member(members.Store, 0, 1);
        Assert.Equal(1, twin.Group.Number);
        using var first = members[0].Begun();
        using var second = twin.Begun();
        Assert.Equal(2, first.Number);
        first.Commit();
        members[0].HasNew();

        // The group has new weights, and this process is none of those that voted.
        var told = Assert.Throws<GroupRefitException>(() => second.Commit());
        Assert.Contains("Group engine has taken v1 in refit 2, and rank 0 could not: load it", told.Message, StringComparison.Ordinal);
        Assert.Contains("Another process has voted as this rank", told.Message, StringComparison.Ordinal);
        Assert.Equal(ModelState.Torn, twin.Model.Status().State);
    }

    [Fact]
    public void Two_processes_that_vote_as_one_rank_at_once_have_it_abandoned()
    {
        using var members = new Members(2);
        using var twin = new Member(members.Store, 1, 2);
        var votes = new[] { members[1], twin }.Select(member => Members.Apart(() => Assert.Throws<GroupRefitException>(() => member.Refit()))).ToList();
        var told = votes.ConvertAll(Members.Of);
        Assert.All(told, error => Assert.StartsWith("two processes vote as this rank: process ", error.Reason, StringComparison.Ordinal));
        members[1].HasOld();
        twin.HasOld();
    }

    [Fact]
    public void A_process_whose_group_went_on_without_it_runs_no_more_once_it_sees_that()
    {
        using var members = new Members(1);
        using var twin = new Member(members.Store, 0, 1);
        twin.Refit();
        Assert.Throws<GroupRefitException>(() => members[0].Refit("v2"));
        Assert.Equal(ModelState.Torn, members[0].Model.Status().State);
        members[0].Scene.Load(members[0].Scene.Second, options: new LoadOptions { Version = "v1" });
        members[0].HasNew();
    }

    [Fact]
    public void Records_that_are_none_of_ours_are_an_error_and_not_taken_for_none()
    {
        using var members = new Members(1);
        members.Store.Create("engine/1/decision", "commit");
        Assert.Throws<DecisionStoreException>(() => members[0].Refit());
        Assert.Throws<DecisionStoreException>(() => RefitGroup.Join(members.Store, "engine", 0, 1, "v0"));
        members[0].HasOld();
        using var scene = new TinyScene();
        Assert.Throws<DecisionStoreException>(() => RefitGroup.Join(members.Store, "engine", 0, 1, "v0").BeginRefit(scene.Model, "v1"));
    }
}
