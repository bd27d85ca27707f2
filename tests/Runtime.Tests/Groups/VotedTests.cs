using static TorchSharp.torch;

namespace Lanyard.Tests.Groups;

/// <summary>A rank that has voted: what ends sessions otherwise does not end it, and without the store it keeps both weights until it can ask.</summary>
public sealed class VotedTests
{
    private static bool IsDecision(string name) => name.EndsWith("/decision", StringComparison.Ordinal);

    [Fact]
    public void A_store_that_is_away_before_the_vote_leaves_the_old_weights_and_the_number_open()
    {
        using var members = new Members(1, TimeSpan.FromSeconds(0.3));
        var refit = members[0].Begun();
        members.Store.AwayWhile((_, _) => true);
        refit.Session.Write("unknown.weight", ones(2));
        var told = Assert.Throws<GroupRefitException>(() => refit.Commit());
        Assert.False(told.IsUndecided);
        Assert.IsType<LoadException>(told.InnerException);
        members[0].HasOld();
        members.Store.Before = null;
        members[0].Refit();
        members[0].HasNew();
        Assert.Equal(1, members[0].Group.Number);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_that_is_away_after_the_vote_is_asked_until_it_answers(bool isCommitted)
    {
        using var members = new Members(2, TimeSpan.FromSeconds(0.3));
        var member = members[1];
        var away = new ThreadLocal<bool>();
        members.Store.AwayWhile((_, name) => IsDecision(name) && away.Value);
        using var voted = new ManualResetEventSlim();
        members.Store.After = (call, name) =>
        {
            if (call == "create" && name.EndsWith("/rank-1", StringComparison.Ordinal)) voted.Set();
        };
        var other = Members.Apart(() =>
        {
            if (!isCommitted)
            {
                using var refit = members[0].Begun();
                voted.Wait();
                refit.Abandon("enough");
                return null;
            }
            members[0].Group.Timeout = TimeSpan.FromSeconds(60);
            return members[0].Refit();
        });
        using (var refit = member.Begun())
        {
            away.Value = true;
            for (var i = 0; i < 2; i++)
            {
                var told = Assert.Throws<GroupRefitException>(() => refit.Commit());
                Assert.True(told.IsUndecided);
                Assert.IsType<DecisionStoreException>(told.InnerException);
                Assert.Equal(member.Old, member.Scene.Bits());
            }
        }
        Members.Of(other);

        // Disposed of by now, and still open: it is the group's.
        Assert.True(member.Group.IsUndecided);
        Assert.True(member.Model.IsUpdating());
        Assert.True(Assert.Throws<GroupRefitException>(() => member.Group.Settle()).IsUndecided);
        Assert.Contains("Settle", Assert.Throws<ModelStateException>(() => member.Group.BeginRefit(member.Model, "v2")).Message, StringComparison.Ordinal);
        away.Value = false;
        Assert.Equal(isCommitted ? "v1" : "v0", member.Group.Settle());
        Assert.False(member.Group.IsUndecided);
        if (isCommitted) member.HasNew();
        else member.HasOld();
    }

    [Fact]
    public void A_vote_that_nobody_knows_of_counts()
    {
        // It was written, and the answer was lost.
        using var members = new Members(2);
        var lost = 0;
        members.Store.After = (call, name) =>
        {
            if (call == "create" && name.EndsWith("1/rank-1", StringComparison.Ordinal) && Interlocked.Increment(ref lost) < 3) throw new InvalidOperationException("a store's own fault");
        };
        Assert.All(members.Run((_, member) => member.Refit()), Assert.Null);
        members.HaveNew();
        Assert.Equal(3, lost);
    }

    [Fact]
    public void A_lease_does_not_end_what_has_voted()
    {
        using var members = new Members(2);
        Assert.All(members.Run((rank, member) =>
        {
            using var refit = member.Begun(options: rank == 0 ? new LoadOptions { Lease = TimeSpan.FromSeconds(0.3) } : null);
            if (rank == 1) Thread.Sleep(1500);
            return refit.Commit();
        }), Assert.Null);
        members.HaveNew();
    }

    [Fact]
    public void A_lease_that_runs_out_before_the_vote_abandons_all()
    {
        using var members = new Members(2);
        var told = members.Abandoned((rank, member) =>
        {
            using var refit = member.Begun(options: rank == 0 ? new LoadOptions { Lease = TimeSpan.FromSeconds(0.1) } : null);
            if (rank == 0) SpinWait.SpinUntil(() => !member.Model.IsUpdating());
            return refit.Commit();
        });
        Assert.Contains("the length of its lease", told[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_ends_a_session_that_has_voted_has_it_abandoned_by_all()
    {
        using var members = new Members(2);
        using var ended = new ManualResetEventSlim();
        var told = members.Abandoned((rank, member) =>
        {
            using var refit = member.Begun();
            if (rank == 1)
            {
                ended.Wait();
                return refit.Commit();
            }
            var commit = Members.Apart(() => refit.Commit());
            SpinWait.SpinUntil(() => members.Store.Names.Contains("engine/1/rank-0"));

            // A disposal alone does nothing to it.
            refit.Session.Dispose();
            Assert.True(member.Model.IsUpdating());
            Assert.Single(member.Model.Sessions()).End("the operator says so");
            ended.Set();
            return Members.Of(commit);
        });
        Assert.Equal(("the operator says so", 0), (told[1].Reason, Assert.Single(told[1].Ranks)));
    }

    [Fact]
    public void Who_reads_the_model_himself_does_not_vote()
    {
        using var members = new Members(2);
        var told = members.Abandoned((rank, member) =>
        {
            using var refit = member.Begun();
            using var reading = rank == 1 ? member.Model.Read() : null;
            return refit.Commit();
        });
        Assert.Equal<int[]>([1], [.. told[0].Ranks]);
        Assert.Contains("would wait for a reading that its own caller has opened", told[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_are_waited_for_after_the_decision_and_no_token_stops_that()
    {
        using var members = new Members(2);
        using var stopped = new CancellationTokenSource();
        ModelReading? reading = null;
        members.Store.After = (call, name) =>
        {
            if (call == "create" && name.EndsWith("1/rank-1", StringComparison.Ordinal)) reading = Members.Of(Members.Apart(() => members[1].Model.Read()));
        };
        var commits = Enumerable.Range(0, 2).Select(rank => Members.Apart(() => members[rank].Refit(cancellationToken: stopped.Token))).ToList();
        Members.Of(commits[0]);
        try
        {
            members[0].HasNew();
            stopped.Cancel();
            Thread.Sleep(300);
            Assert.False(commits[1].IsCompleted);
            Assert.Equal(members[1].Old, members[1].Scene.Bits());
        }
        finally
        {
            reading?.Dispose();
        }
        Members.Of(commits[1]);
        members.HaveNew();
    }

    [Fact]
    public void A_model_that_cannot_take_what_was_decided_runs_no_more_until_it_has()
    {
        using var members = new Members(2);
        var model = members[1].Model;
        var child = model.Layers[0];
        members.Store.After = (call, name) =>
        {
            // Between vote and decision somebody takes a child away.
            if (call == "create" && name.EndsWith("1/rank-1", StringComparison.Ordinal)) model.Layers.RemoveAt(0);
        };
        var told = members.Run((_, member) => member.Refit());
        Assert.Null(told[0]);
        members[0].HasNew();
        Assert.Contains("Group engine has taken v1 in refit 1, and rank 1 could not: load it", told[1]!.Message, StringComparison.Ordinal);
        Assert.Equal("v1", members[1].Group.Version);
        model.Layers.Add(child);
        members.Store.After = null;
        var status = model.Status();
        Assert.Equal(ModelState.Torn, status.State);
        Assert.StartsWith("Group engine has taken v1 in refit 1, and rank 1 could not: load it: ", status.Reason, StringComparison.Ordinal);
        Assert.Throws<ModelStateException>(() => model.Norm);

        // With that it is a rank again.
        members[1].Scene.Load(members[1].Scene.Second, options: new LoadOptions { Version = "v1" });
        members[1].HasNew();
        Assert.All(members.Run((_, member) => member.Refit("v2")), Assert.Null);
    }

    [Fact]
    public void A_model_that_is_disposed_of_after_its_vote_ends()
    {
        using var members = new Members(2);
        members.Store.AwayWhile((_, name) => IsDecision(name) && Environment.CurrentManagedThreadId == Volatile.Read(ref _slow));
        members[1].Group.Timeout = TimeSpan.FromSeconds(0.2);
        var model = members[1].Model;
        var other = Members.Apart(() => members[0].Refit());
        using (var refit = members[1].Begun())
        {
            Volatile.Write(ref _slow, Environment.CurrentManagedThreadId);
            Assert.True(Assert.Throws<GroupRefitException>(() => refit.Commit()).IsUndecided);
        }
        Members.Of(other);
        Assert.True(Members.Of(Members.Apart(() =>
        {
            model.Dispose();
            return true;
        })));
        members.Store.Before = null;
        Assert.IsType<ObjectDisposedException>(Assert.Throws<GroupRefitException>(() => members[1].Group.Settle()).InnerException);
        Assert.Equal("v1", members[1].Group.Version);
    }

    private int _slow;
}
