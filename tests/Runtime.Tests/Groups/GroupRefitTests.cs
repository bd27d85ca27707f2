using TorchSharp;

namespace Lanyard.Tests.Groups;

/// <summary>Refits of ranks that are threads here: all have the new weights, or all the old ones and the same reason.</summary>
public sealed class GroupRefitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void All_ranks_take_the_new_weights(int size)
    {
        using var members = new Members(size);
        Assert.All(members.Run((_, member) => member.Refit()), Assert.Null);
        members.HaveNew();
        Assert.Equal(1, members[0].Group.Number);
        Assert.All(members.Run((_, member) => member.Refit("v2")), Assert.Null);
        Assert.Equal((2, "v2"), (members[size - 1].Group.Number, members[0].Group.Version));
    }

    [Fact]
    public void What_one_rank_lacks_is_told_to_all()
    {
        using var members = new Members(3);
        var told = members.Abandoned((rank, member) =>
        {
            using var refit = member.Group.BeginRefit(member.Model, "v1");
            refit.Session.Write(member.Scene.Second.Where(tensor => rank != 2 || tensor.Key != "norm.weight").Select(tensor => (tensor.Key, tensor.Value)));
            return refit.Commit();
        });
        Assert.Equal<int[]>([2], [.. told[0].Ranks]);
        Assert.Contains("norm.weight", told[0].Message, StringComparison.Ordinal);
        Assert.IsType<LoadException>(told[2].InnerException);
        Assert.Null(told[0].InnerException);

        // And the next one goes well.
        Assert.All(members.Run((_, member) => member.Refit()), Assert.Null);
        members.HaveNew();
        Assert.Equal(2, members[1].Group.Number);
    }

    [Fact]
    public void A_rank_that_fails_before_others_have_begun_is_told_to_those_when_they_begin()
    {
        using var members = new Members(2);
        using (members[1].Begun())
        {
            // Disposed of, as by an exception of whoever brings the weights.
        }
        var told = Assert.Throws<GroupRefitException>(() => members[0].Refit());
        Assert.Equal((1, "it was disposed of without a commit"), (Assert.Single(told.Ranks), told.Reason));
        Assert.All(members.Run((_, member) => member.Refit()), Assert.Null);
        members.HaveNew();
    }

    [Fact]
    public void A_rank_says_why_it_abandons()
    {
        using var members = new Members(2);
        var told = members.Abandoned((rank, member) =>
        {
            using var refit = member.Begun();
            if (rank == 1) refit.Abandon("the trainer\nhas gone. \ud83d");
            return refit.Commit();
        });
        Assert.Equal("the trainer has gone. \ufffd", told[0].Reason);
    }

    [Fact]
    public void A_token_that_is_cancelled_on_one_rank_abandons_all()
    {
        using var members = new Members(3);
        using var stopped = new CancellationTokenSource();
        var told = members.Abandoned((rank, member) =>
        {
            using var refit = member.Begun();
            if (rank == 0) SpinWait.SpinUntil(() => stopped.IsCancellationRequested);
            if (rank == 1) stopped.CancelAfter(200);
            return refit.Commit(rank == 1 ? stopped.Token : default);
        });
        Assert.Equal(("it was cancelled", 1), (told[0].Reason, Assert.Single(told[0].Ranks)));
    }

    [Fact]
    public void Who_waits_too_long_names_the_ranks_that_have_not_voted()
    {
        using var members = new Members(4, TimeSpan.FromSeconds(0.5));
        using var done = new ManualResetEventSlim();
        var told = members.Abandoned((rank, member) =>
        {
            using var refit = member.Begun();
            if (rank % 2 == 1) done.Wait();
            try
            {
                return refit.Commit();
            }
            finally
            {
                done.Set();
            }
        });
        Assert.Equal<int[]>([1, 3], [.. told[0].Ranks]);
        Assert.StartsWith("no vote came within the 0.5 s that rank ", told[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_that_bring_other_versions_refuse_to_vote_for_them()
    {
        using var members = new Members(3);
        var told = members.Abandoned((rank, member) => member.Refit(rank == 2 ? "v1-other" : "v1"));
        Assert.Equal<int[]>([0, 2], [.. told[0].Ranks]);
        Assert.Equal("the ranks bring other weights: rank 0 v1 on v0, rank 2 v1-other on v0", told[1].Reason);
    }

    [Fact]
    public void A_rank_of_another_version_than_its_group_refuses_to_begin()
    {
        using var members = new Members(2);
        members[1].Scene.Load(members[1].Scene.First, options: new LoadOptions { Version = "v0-other" });
        var told = members.Run((_, member) => member.Refit());
        Assert.All(told, error => Assert.Equal((1, "Rank 1 has version v0-other, and group engine has v0: load that, with LoadOptions.Version"), (Assert.Single(error!.Ranks), error.Reason)));
        Assert.IsType<ModelStateException>(told[1]!.InnerException);
        members[0].HasOld();
    }

    [Fact]
    public void A_version_says_something_and_something_else_than_the_one_before()
    {
        using var members = new Members(1);
        Assert.Throws<ArgumentException>(() => members[0].Group.BeginRefit(members[0].Model, " "));
        Assert.Throws<ArgumentNullException>(() => members[0].Group.BeginRefit(members[0].Model, null!));
        Assert.Throws<ArgumentException>(() => members[0].Group.BeginRefit(members[0].Model, "\ud83d"));
        Assert.Throws<ArgumentException>(() => members[0].Group.BeginRefit(members[0].Model, "v1", options: new LoadOptions { Version = "v2" }));
        Assert.Contains("has version v0 already", Assert.Throws<GroupRefitException>(() => members[0].Group.BeginRefit(members[0].Model, "v0")).Message, StringComparison.Ordinal);
        members[0].Refit();
        members[0].HasNew();
    }

    [Fact]
    public void The_session_of_a_group_is_committed_by_the_group_alone()
    {
        using var members = new Members(1);
        using (var refit = members[0].Begun())
        {
            Assert.Throws<ModelStateException>(() => refit.Session.Commit());
            Assert.Throws<ModelStateException>(() => refit.Session.Version = "v2");
            Assert.Throws<ModelStateException>(() => refit.Session.BuildsOn = "v0");
            Assert.Throws<ModelStateException>(() => members[0].Group.BeginRefit(members[0].Model, "v2"));
            refit.Session.Prepare();
            refit.Commit();
            Assert.Throws<ModelStateException>(() => refit.Commit());
        }
        members[0].HasNew();
    }

    [Fact]
    public void A_part_of_a_model_is_refitted_by_all_too()
    {
        using var members = new Members(2);
        Assert.All(members.Run((_, member) =>
        {
            using var refit = member.Group.BeginRefit(member.Model, "v1", RefitScope.Subset);
            refit.Session.Patch("norm.weight", torch.tensor(new[] { 1L }), torch.tensor(new[] { 7f }));
            return refit.Commit();
        }), Assert.Null);
        Assert.All([members[0], members[1]], member => Assert.Equal((7f, "v1"), (member.Model.Norm[1].ToSingle(), member.Model.Parameters.Version)));
    }

    [Fact]
    public void Groups_beside_each_other_in_one_store_do_not_meet()
    {
        var store = new MemoryStore();
        using var first = new Members(2, store: store);
        using var second = new Members(2, group: "engine/draft", store: store);
        Assert.All(second.Run((_, member) => member.Refit()), Assert.Null);
        second.HaveNew();
        first[0].HasOld();
    }
}
