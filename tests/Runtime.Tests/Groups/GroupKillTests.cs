using System.Diagnostics;
using System.Globalization;
using Lanyard.Ranks;
using Xunit.Abstractions;

namespace Lanyard.Tests.Groups;

/// <summary>
/// Three ranks in processes of their own, of which one is killed in every refit: all live ones, and the one that comes after it, have the same version, bit for bit.
/// <c>LANYARD_KILLS</c> says how often, <c>LANYARD_KILLS_SEED</c> gives a run again, as far as processes run twice alike.
/// </summary>
[Trait("Category", "Faults")]
public sealed class GroupKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Size = 3;
    private const int DefaultKills = 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-ranks-");
    private readonly SortedDictionary<string, (int Committed, int Abandoned)> _outcomes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Version, int Rank), string> _digests = [];
    private readonly RankProcess?[] _ranks = new RankProcess?[Size];
    private readonly Queue<RankProcess> _spare = [];
    private string _version = "step-0";
    private TimeSpan _usual = TimeSpan.FromMilliseconds(200);

    private string Store => Path.Combine(_directory.FullName, "store");

    public void Dispose()
    {
        foreach (var rank in _ranks) rank?.Dispose();
        foreach (var rank in _spare) rank.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void A_rank_that_is_killed_at_any_time_leaves_all_with_one_version()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("LANYARD_KILLS") ?? $"{DefaultKills}", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("LANYARD_KILLS_SEED") ?? $"{System.Random.Shared.Next()}", CultureInfo.InvariantCulture);
        var random = new Random(seed);
        var plan = new Queue<RankKill>();
        var (begun, done) = (Stopwatch.GetTimestamp(), 0);
        Begin();
        try
        {
            // The first one takes longer than all others.
            Refit(1);
            Refit(2);
            for (; done < kills; done++)
            {
                if (plan.Count == 0) plan = new Queue<RankKill>(RankKill.Round(random));
                Refit(done + 3, plan.Dequeue(), random);
            }
            Refit(done + 3);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"After {done} of {kills} kills, LANYARD_KILLS_SEED={seed}: {e.Message}", e);
        }
        finally
        {
            output.WriteLine($"{done} kills in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s, LANYARD_KILLS_SEED={seed}");
            foreach (var (kill, (committed, abandoned)) in _outcomes) output.WriteLine($"{kill}: {committed} committed, {abandoned} abandoned");
        }
        Assert.True(_outcomes.Values.Sum(outcome => outcome.Committed) > 0 && _outcomes.Values.Sum(outcome => outcome.Abandoned) > 0, "a run without both has shown nothing");
    }

    [Fact]
    public void A_rank_that_fails_leaves_all_with_the_old_weights_and_its_reason()
    {
        Begin();
        Refit(1);
        for (var rank = 0; rank < Size; rank++) _ranks[rank]!.Tell($"{(rank == 1 ? "fail" : "refit")} step-2");
        for (var rank = 0; rank < Size; rank++) Assert.Contains("because of rank 1: The tensors that Write brought do not fit the model: 1 problem. Nothing was changed. twice: layers.0.weight", Has(_ranks[rank]!.Line(), "abandoned", "step-1", rank), StringComparison.Ordinal);
        Refit(3);
    }

    [Theory]
    [InlineData("before create vote")]
    [InlineData("before create decision")]
    public void A_store_that_goes_away_leaves_all_with_both_weights_until_it_is_back(string point)
    {
        Begin();
        Refit(1);
        _ranks[0]!.Tell($"stop step-2 {point}");
        for (var rank = 1; rank < Size; rank++) _ranks[rank]!.Tell("refit step-2");
        Assert.Equal($"at {point}", _ranks[0]!.Line());
        var store = new FolderDecisionStore(Store);
        for (var rank = 1; rank < Size; rank++) Assert.True(SpinWait.SpinUntil(() => store.Find($"engine/2/rank-{rank}") is not null, TimeSpan.FromSeconds(30)));
        Directory.Move(Store, Store + "-away");
        for (var rank = 1; rank < Size; rank++) Assert.Contains("does not know whether all take the new weights", Has(_ranks[rank]!.Line(), "undecided", "step-1", rank), StringComparison.Ordinal);
        _ranks[1]!.Tell("settle");
        Has(_ranks[1]!.Line(), "undecided", "step-1", 1);
        Directory.Move(Store + "-away", Store);

        // Who counts the votes has died meanwhile: the refit is abandoned by whoever asks first.
        Kill(0);
        Join(0);
        for (var rank = 1; rank < Size; rank++) _ranks[rank]!.Tell("settle");
        for (var rank = 1; rank < Size; rank++) Has(_ranks[rank]!.Line(), "settled", "step-1", rank);
        Has(_ranks[0]!.Line(), "joined", "step-1", 0);
        Refit(3);
    }

    [Fact]
    public void Of_many_processes_one_creates_a_record_whoever_is_killed()
    {
        const int Processes = 4, Records = 400;
        Directory.CreateDirectory(Store);
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

    private void Begin()
    {
        Directory.CreateDirectory(Store);
        for (var i = 0; i <= Size; i++) Spare();
        for (var rank = 0; rank < Size; rank++) Join(rank);
        for (var rank = 0; rank < Size; rank++) Has(_ranks[rank]!.Line(), "joined", _version, rank);
    }

    private void Spare() => _spare.Enqueue(new RankProcess(Store, "engine", $"{Size}", $"{Timeout.TotalMilliseconds}"));

    private void Join(int rank)
    {
        (_ranks[rank] = _spare.Dequeue().Ready()).Tell($"join {rank}");
        Spare();
    }

    private void Kill(int rank)
    {
        _ranks[rank]!.Kill();
        _ranks[rank]!.Dispose();
        _ranks[rank] = null;
    }

    /// <summary>A refit in which nobody is killed.</summary>
    private void Refit(int step)
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var rank in _ranks) rank!.Tell($"refit step-{step}");
        for (var rank = 0; rank < Size; rank++) Has(_ranks[rank]!.Line(), "committed", $"step-{step}", rank);
        _usual = Stopwatch.GetElapsedTime(begun);
        _version = $"step-{step}";
    }

    private void Refit(int step, RankKill kill, Random random)
    {
        var (version, delay) = ($"step-{step}", random.NextDouble() * 1.2 * _usual);
        int[] dying = kill.Rank is { } one ? [one] : [0, 1, 2];
        var begun = Stopwatch.GetTimestamp();
        for (var rank = 0; rank < Size; rank++) _ranks[rank]!.Tell(rank == kill.Rank && kill.Point is not null ? $"stop {version} {kill.Point}" : $"refit {version}");
        if (kill.Point is not null)
        {
            if (_ranks[dying[0]]!.Line() is var line && line != $"at {kill.Point}") throw new InvalidOperationException($"Rank {dying[0]} did not come to the point \"{kill.Point}\", but said: {line}");
        }
        else
        {
            while (Stopwatch.GetElapsedTime(begun) < delay) Thread.Yield();
        }
        foreach (var rank in dying) Kill(rank);
        int[] living = [.. Enumerable.Range(0, Size).Except(dying)];
        if (!kill.IsLate) foreach (var rank in dying) Join(rank);
        var told = living.ToDictionary(rank => rank, rank => _ranks[rank]!.Line());
        if (kill.IsLate) foreach (var rank in dying) Join(rank);
        var joined = dying.ToDictionary(rank => rank, rank => _ranks[rank]!.Line());

        // Whatever the first says all others say too.
        var isCommitted = told.Concat(joined).First().Value.Split(' ')[1] == version;
        if (isCommitted) _version = version;
        var what = $"{kill}, killed {(kill.IsLate ? "and late again" : "and at once again")}:\n{string.Join("\n", told.Concat(joined).Select(said => $"rank {said.Key}: {said.Value}"))}";
        if (kill.IsCommitted is { } expected && expected != isCommitted) throw new InvalidOperationException($"The others should have {(expected ? "the new weights" : "the old weights")}. {what}");
        try
        {
            foreach (var (rank, line) in told)
            {
                var reason = Has(line, isCommitted ? "committed" : "abandoned", _version, rank);
                if (!isCommitted) Assert.Contains($"because of rank {kill.Rank}: ", reason, StringComparison.Ordinal);
            }
            foreach (var (rank, line) in joined) Has(line, "joined", _version, rank);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{what}", e);
        }
        var (committed, abandoned) = _outcomes.GetValueOrDefault($"{kill}");
        _outcomes[$"{kill}"] = isCommitted ? (committed + 1, abandoned) : (committed, abandoned + 1);
    }

    /// <summary>Looks what a rank says: what it did, its version and the digest of its weights.</summary>
    /// <returns>The rest of it.</returns>
    private string Has(string line, string did, string version, int rank)
    {
        if (!_digests.TryGetValue((version, rank), out var digest)) _digests.Add((version, rank), digest = RankWeights.Digest(tensor => RankWeights.Of(version, rank, tensor)));
        var expected = $"{did} {version} {digest}";
        Assert.True(line.StartsWith(expected, StringComparison.Ordinal), $"Rank {rank} should say \"{expected}\", and says \"{line}\"");
        return line[expected.Length..];
    }
}
