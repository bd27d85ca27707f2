using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Lanyard.Ranks;

/// <summary>A group that is refitted many times, with a kill in each. <c>LANYARD_KILLS</c> says how often, <c>LANYARD_KILLS_SEED</c> gives a run again, as far as processes run twice alike.</summary>
internal static class KillRun
{
    private const int Many = 20;

    /// <summary>Kills, and tells what came of it.</summary>
    /// <typeparam name="TKill">What a kill is.</typeparam>
    /// <param name="group">The group, which is made here.</param>
    /// <param name="usual">How often, if nothing is said.</param>
    /// <param name="round">Kills of each kind.</param>
    /// <param name="refit">A refit with a kill: by its number.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Run<TKill>(KilledGroup group, int usual, Func<Random, IEnumerable<TKill>> round, Func<int, TKill, Random, KillOutcome> refit, ITestOutputHelper output)
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("LANYARD_KILLS") ?? $"{usual}", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("LANYARD_KILLS_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        var random = new Random(seed);
        var (plan, outcomes) = (new Queue<TKill>(), new List<KillOutcome>());
        var begun = Stopwatch.GetTimestamp();
        group.Begin();
        try
        {
            // The first one takes longer than all others.
            group.Refit(1);
            group.Refit(2);
            while (outcomes.Count < kills)
            {
                if (plan.Count == 0) plan = new Queue<TKill>(round(random));
                outcomes.Add(refit(outcomes.Count + 3, plan.Dequeue(), random));
            }
            group.Refit(outcomes.Count + 3);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"After {outcomes.Count} of {kills} kills, LANYARD_KILLS_SEED={seed}: {e.Message}", e);
        }
        finally
        {
            output.WriteLine($"{outcomes.Count} kills in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s, LANYARD_KILLS_SEED={seed}");
            foreach (var kind in outcomes.GroupBy(outcome => outcome.Kill).OrderBy(kind => kind.Key, StringComparer.Ordinal))
                output.WriteLine($"{kind.Key}: {kind.Count(outcome => outcome.IsCommitted)} committed, {kind.Count(outcome => !outcome.IsCommitted)} abandoned, {kind.Count(outcome => outcome.WasUndecided)} of them undecided at first");
        }

        // A few kills may all come to the same.
        if (kills >= Many) Assert.True(outcomes.Any(outcome => outcome.IsCommitted) && outcomes.Any(outcome => !outcome.IsCommitted), "a run without both has shown nothing");
    }

    /// <summary>A refit in which ranks are killed.</summary>
    /// <param name="group">The group.</param>
    /// <param name="step">Its number.</param>
    /// <param name="kill">Which ranks, and when.</param>
    /// <param name="random">Chooses the time.</param>
    public static KillOutcome Refit(KilledGroup group, int step, RankKill kill, Random random)
    {
        var version = $"step-{step}";
        int[] dying = kill.Rank is { } one ? [one] : [0, 1, 2];
        group.RefitUntil(version, kill.Rank, kill.Point, random);
        foreach (var rank in dying) group.Kill(rank);
        int[] living = [.. Enumerable.Range(0, KilledGroup.Size).Except(dying)];
        if (!kill.IsLate) foreach (var rank in dying) group.Join(rank);
        var told = living.ToDictionary(rank => rank, rank => group[rank].Line());
        if (kill.IsLate) foreach (var rank in dying) group.Join(rank);
        var joined = dying.ToDictionary(rank => rank, group.Joined);

        // Whatever the first says all others say too.
        var isCommitted = told.Concat(joined).First().Value.Split(' ')[1] == version;
        if (isCommitted) group.Version = version;
        var what = $"{kill}, killed {(kill.IsLate ? "and late again" : "and at once again")}:\n{string.Join("\n", told.Concat(joined).Select(said => $"rank {said.Key}: {said.Value}"))}";
        if (kill.IsCommitted is { } expected && expected != isCommitted) throw new InvalidOperationException($"The others should have {(expected ? "the new weights" : "the old weights")}. {what}");
        try
        {
            foreach (var (rank, line) in told)
            {
                var reason = group.Has(line, isCommitted ? "committed" : "abandoned", group.Version, rank);
                if (!isCommitted) Assert.Contains($"because of rank {kill.Rank}: ", reason, StringComparison.Ordinal);
            }
            foreach (var (rank, line) in joined) group.Has(line, "joined", group.Version, rank);
            group.AllHaveWhatIsRecorded();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{what}", e);
        }
        return new KillOutcome($"{kill}", isCommitted, WasUndecided: false);
    }
}
