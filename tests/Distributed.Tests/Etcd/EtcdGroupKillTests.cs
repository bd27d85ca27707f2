using System.Diagnostics;
using Lanyard.Ranks;
using Xunit.Abstractions;

namespace Lanyard.Distributed.Tests.Etcd;

/// <summary>Three ranks in processes of their own over etcd, of which one is killed in every refit, or etcd, or both: all live ones, and the one that comes after it, have what the record says, bit for bit.</summary>
[Trait("Category", "Faults")]
public sealed class EtcdGroupKillTests(ITestOutputHelper output) : IDisposable
{
    private const int UsualKills = 4;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);

    private readonly EtcdServer _server = new();
    private KilledGroup? _group;
    private TimeSpan _longest;

    public void Dispose()
    {
        _group?.Dispose();
        _server.Dispose();
    }

    [EtcdFact]
    public void A_rank_that_is_killed_at_any_time_leaves_all_with_one_version() => KillRun.Run(Group(), UsualKills, RankKill.Round, (step, kill, random) => KillRun.Refit(Group(), step, kill, random), output);

    [EtcdFact]
    public void Etcd_that_is_killed_at_any_time_leaves_all_with_one_version_once_it_is_back()
    {
        KillRun.Run(Group(), UsualKills, EtcdKill.Round, Refit, output);
        output.WriteLine($"All ranks knew, and reached etcd, at most {_longest.TotalSeconds:0.0} s after it answered again.");
    }

    private KilledGroup Group()
    {
        if (_group is not null) return _group;
        _server.Start();
        return _group = new KilledGroup(_server.Address, Timeout, Find);
    }

    private KillOutcome Refit(int step, EtcdKill kill, Random random)
    {
        var (group, version, old, ranks) = (_group!, $"step-{step}", _group!.Version, Enumerable.Range(0, KilledGroup.Size));
        group.RefitUntil(version, kill.Rank, kill.Point, random);
        _server.Kill();
        if (kill.IsRankKilled) group.Kill(kill.Rank);
        else if (kill.Point is not null) group[kill.Rank].Tell("go");
        var back = 0L;
        if (!kill.IsLate) Restart();
        var told = ranks.Where(rank => !kill.IsRankKilled || rank != kill.Rank).ToDictionary(rank => rank, rank => group[rank].Line());
        if (kill.IsLate) Restart();
        var what = $"{kill}, etcd {(kill.IsLate ? "late" : "at once")} again:\n{string.Join("\n", told.Select(said => $"rank {said.Key}: {said.Value}"))}";
        try
        {
            // Who does not know answers by the old weights, and keeps the new ones.
            var undecided = told.Where(said => said.Value.StartsWith("undecided ", StringComparison.Ordinal)).Select(said => said.Key).ToList();
            foreach (var rank in undecided) Assert.Contains("does not know whether all take the new weights", group.Has(told[rank], "undecided", old, rank), StringComparison.Ordinal);
            foreach (var rank in undecided) told[rank] = group.Settled(rank);
            if (kill.IsRankKilled) told[kill.Rank] = group.Joined(kill.Rank);
            foreach (var rank in ranks) group.Reached(rank);
            if (Stopwatch.GetElapsedTime(back) is var took && took > _longest) _longest = took;

            // Whatever the first says all others say too, each in its words.
            var isCommitted = told.First().Value.Split(' ')[1] == version;
            if (isCommitted) group.Version = version;
            foreach (var (rank, line) in told)
            {
                var did = line.Split(' ')[0];
                Assert.Contains(did, isCommitted ? ["committed", "settled", "joined"] : new[] { "abandoned", "refused", "settled", "joined" });
                group.Has(line, did, group.Version, rank);
            }
            if (kill.IsCommitted is { } expected) Assert.True(expected == isCommitted, $"All should have {(expected ? "the new weights" : "the old weights")}");
            group.AllHaveWhatIsRecorded();
            return new KillOutcome($"{kill}", isCommitted, undecided.Count > 0);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{what}\nand then:\n{string.Join("\n", told.Select(said => $"rank {said.Key}: {said.Value}"))}", e);
        }

        void Restart()
        {
            _server.Start();
            back = Stopwatch.GetTimestamp();
            if (kill.IsRankKilled) group.Join(kill.Rank);
        }
    }

    private string? Find(string name)
    {
        using var store = _server.Open();
        return store.Find(name);
    }
}
