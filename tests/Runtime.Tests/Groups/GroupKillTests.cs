using Lanyard.Ranks;
using Xunit.Abstractions;

namespace Lanyard.Tests.Groups;

/// <summary>Three ranks in processes of their own over a folder, of which one is killed in every refit: all live ones, and the one that comes after it, have the same version, bit for bit.</summary>
[Trait("Category", "Faults")]
public sealed class GroupKillTests : IDisposable
{
    private const int Size = KilledGroup.Size;
    private const int UsualKills = 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-ranks-");
    private readonly ITestOutputHelper _output;
    private readonly KilledGroup _group;

    public GroupKillTests(ITestOutputHelper output)
    {
        _output = output;
        Directory.CreateDirectory(Store);
        _group = new KilledGroup(Store, Timeout, name => new FolderDecisionStore(Store).Find(name));
    }

    private string Store => Path.Combine(_directory.FullName, "store");

    public void Dispose()
    {
        _group.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void A_rank_that_is_killed_at_any_time_leaves_all_with_one_version() => KillRun.Run(_group, UsualKills, RankKill.Round, (step, kill, random) => KillRun.Refit(_group, step, kill, random), _output);

    [Fact]
    public void A_rank_that_fails_leaves_all_with_the_old_weights_and_its_reason()
    {
        _group.Begin();
        _group.Refit(1);
        for (var rank = 0; rank < Size; rank++) _group[rank].Tell($"{(rank == 1 ? "fail" : "refit")} step-2");
        for (var rank = 0; rank < Size; rank++) Assert.Contains("because of rank 1: The tensors that Write brought do not fit the model: 1 problem. Nothing was changed. twice: layers.0.weight", _group.Has(_group[rank].Line(), "abandoned", "step-1", rank), StringComparison.Ordinal);
        _group.Refit(3);
    }

    [Theory]
    [InlineData("before create vote")]
    [InlineData("before create decision")]
    public void A_store_that_goes_away_leaves_all_with_both_weights_until_it_is_back(string point)
    {
        _group.Begin();
        _group.Refit(1);
        _group[0].Tell($"stop step-2 {point}");
        for (var rank = 1; rank < Size; rank++) _group[rank].Tell("refit step-2");
        Assert.Equal($"at {point}", _group[0].Line());
        var store = new FolderDecisionStore(Store);
        for (var rank = 1; rank < Size; rank++) Assert.True(SpinWait.SpinUntil(() => store.Find($"engine/2/rank-{rank}") is not null, TimeSpan.FromSeconds(30)));
        Directory.Move(Store, Store + "-away");
        for (var rank = 1; rank < Size; rank++) Assert.Contains("does not know whether all take the new weights", _group.Has(_group[rank].Line(), "undecided", "step-1", rank), StringComparison.Ordinal);
        _group[1].Tell("settle");
        _group.Has(_group[1].Line(), "undecided", "step-1", 1);
        Directory.Move(Store + "-away", Store);

        // Who counts the votes has died meanwhile: the refit is abandoned by whoever asks first.
        _group.Kill(0);
        _group.Join(0);
        for (var rank = 1; rank < Size; rank++) _group[rank].Tell("settle");
        for (var rank = 1; rank < Size; rank++) _group.Has(_group[rank].Line(), "settled", "step-1", rank);
        _group.Has(_group[0].Line(), "joined", "step-1", 0);
        _group.Refit(3);
    }

    [Fact]
    public void Of_many_processes_one_creates_a_record_whoever_is_killed()
    {
        const int Processes = 4, Records = 400;
        var racers = Enumerable.Range(0, Processes).Select(_ => new RankProcess(Store, "race", $"{Records}")).ToList();
        try
        {
            foreach (var racer in racers) racer.Ready();
            foreach (var racer in racers) racer.Tell("go");
            var first = racers[0].Line();
            racers[0].Kill();
            var said = racers.Skip(1).Select(racer => racer.Rest().ToList()).ToList();
            Assert.All(said, lines => Assert.Equal(Records, lines.Count));
            Assert.All(said, lines => Assert.Equal(said[0], lines));
            Assert.Equal(first, said[0][0]);
        }
        finally
        {
            foreach (var racer in racers) racer.Dispose();
        }
    }
}
