using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Lanyard.Groups.Protocol;

namespace Lanyard.Tests.Groups;

/// <summary>
/// Walks all ways that a group can go, step by step in every order: refits begun, failed and prepared, votes, decisions, time-outs, kills before and after every step, new processes,
/// records that arrive late or whose answer is lost, a store that is away. The steps of the ranks are those of the product.
/// </summary>
/// <param name="rules">The protocol.</param>
/// <param name="size">How many ranks.</param>
/// <param name="refits">How many numbers are used by ranks that begin a refit.</param>
/// <param name="versions">Of how many versions each rank may bring one.</param>
internal sealed class ProtocolWalk(WalkRules rules, int size, int refits, int versions)
{
    // By digest: of some millions of states the texts would fill the memory.
    private readonly Dictionary<UInt128, int> _known = [];
    private readonly Queue<WalkState> _open = [];
    private readonly List<(int From, int Index)> _ways = [];
    private readonly List<(int From, int To)> _steps = [];
    private readonly List<bool> _quiet = [];
    private WalkState _first = null!;
    private string? _wrong;

    /// <summary>How many states there are.</summary>
    public int States => _quiet.Count;

    /// <summary>How many steps there are between them.</summary>
    public int Steps => _steps.Count;

    /// <summary>In how many states the group has committed something.</summary>
    public int Commits { get; private set; }

    /// <summary>Walks.</summary>
    /// <returns>What is wrong, with the way there; null where nothing is.</returns>
    public string? Run(int kills, int losses)
    {
        _first = new WalkState(
            [.. Enumerable.Range(0, size).Select(_ => new WalkRank(0, 0, WalkState.First, null, null))],
            ImmutableSortedDictionary<(long, int), Vote>.Empty,
            ImmutableSortedDictionary<long, Decision>.Empty,
            ImmutableSortedDictionary<string, WalkMessage>.Empty,
            kills,
            losses);
        Enter(_first, -1, 0);
        for (var at = 0; _wrong is null && _open.TryDequeue(out var state); at++)
        {
            var index = 0;
            foreach (var (_, next) in Next(state)) Enter(next, at, index++);
        }
        return _wrong ?? (Stuck() is { } stuck ? $"no way leads to an end from here:\n{Way(stuck)}" : null);
    }

    private static string Self(int rank, int life) => $"{rank}.{life}";

    private void Enter(WalkState state, int from, int index)
    {
        var key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(state.Key.AsSpan()));
        if (!_known.TryGetValue(key, out var at))
        {
            _known.Add(key, at = _quiet.Count);
            _open.Enqueue(state);
            _ways.Add((from, index));
            _quiet.Add(state.IsQuiet);
            if (state.Decisions.Values.Any(decision => decision.IsCommit)) Commits++;
            if (state.Mixture() is { } mixture) _wrong ??= $"{mixture}\n{Way(at)}";
        }
        if (from >= 0) _steps.Add((from, at));
    }

    // A state from which no quiet one can be reached.
    private int? Stuck()
    {
        var begins = new int[_quiet.Count + 1];
        foreach (var (_, to) in _steps) begins[to + 1]++;
        for (var at = 0; at < _quiet.Count; at++) begins[at + 1] += begins[at];
        var (before, next) = (new int[_steps.Count], begins.AsSpan(0, _quiet.Count).ToArray());
        foreach (var (from, to) in _steps) before[next[to]++] = from;

        var ends = new bool[_quiet.Count];
        var open = new Stack<int>(Enumerable.Range(0, _quiet.Count).Where(at => _quiet[at]));
        while (open.TryPop(out var at))
        {
            if (ends[at]) continue;
            ends[at] = true;
            for (var i = begins[at]; i < begins[at + 1]; i++) open.Push(before[i]);
        }
        var stuck = Array.IndexOf(ends, false);
        return stuck < 0 ? null : stuck;
    }

    // Walked again, for nobody has kept the states.
    private string Way(int at)
    {
        var steps = new Stack<int>();
        for (; _ways[at].From >= 0; at = _ways[at].From) steps.Push(_ways[at].Index);
        var (state, told) = (_first, new List<string>());
        foreach (var index in steps)
        {
            var (step, next) = Next(state).ElementAt(index);
            told.Add(step);
            state = next;
        }
        return string.Join("\n", told);
    }

    private IEnumerable<(string Step, WalkState Next)> Next(WalkState state)
    {
        for (var i = 0; i < size; i++)
        {
            var (at, rank) = (i, state.Ranks[i]);
            WalkState With(WalkRank next) => state with { Ranks = state.Ranks.SetItem(at, next) };
            if (rank.IsDead)
            {
                yield return ($"rank {i} begins again", With(rank with { Life = rank.Life + 1, Join = new RankJoin(i, Self(i, rank.Life + 1), WalkState.First) }));
                continue;
            }
            if (state.Kills > 0) yield return ($"rank {i} is killed", With(new WalkRank(rank.Life, 0, null, null, null)) with { Kills = state.Kills - 1 });
            foreach (var step in rank.Join is not null ? Joining(state, i, rank, With) : rank.Refit is not null ? Refitting(state, i, rank, rank.Refit, With) : Beginning(state, i, rank, With)) yield return step;
        }
        foreach (var (key, message) in state.Late) yield return ($"{key} arrives", Arrived(state, message) with { Late = state.Late.Remove(key) });
    }

    private IEnumerable<(string Step, WalkState Next)> Joining(WalkState state, int i, WalkRank rank, Func<WalkRank, WalkState> with)
    {
        var join = rank.Join!;
        var number = join.Asked;
        if (join.Next == StoreRequest.CreateDecision && state.Losses > 0) yield return ($"rank {i} closes {number}, unheard", Sent(state, new WalkMessage(number, i, null, join.Proposal)));
        switch (join.Next)
        {
            case StoreRequest.CreateMark:
                // All have been there.
                yield return ($"rank {i} finds its mark", with(rank with { Join = rules.Marked(join, Self(i, 0)) }));
                break;
            case StoreRequest.FindDecision:
                yield return ($"rank {i} looks for {number}", with(Ready(rank with { Join = join.Found(state.Decisions.GetValueOrDefault(number)) })));
                break;
            case StoreRequest.CreateDecision:
                var decision = rules.Decided(state.Decisions.GetValueOrDefault(number), join.Proposal);
                yield return ($"rank {i} closes {number}", with(Ready(rank with { Join = join.Closed(decision) })) with { Decisions = state.Decisions.SetItem(number, decision) });
                break;
        }
    }

    private WalkRank Ready(WalkRank rank) => rank.Join is { HasEnded: true } join ? rank with { Number = join.Decided, Version = rules.Loaded(join), Join = null } : rank;

    private IEnumerable<(string Step, WalkState Next)> Beginning(WalkState state, int i, WalkRank rank, Func<WalkRank, WalkState> with)
    {
        var number = rank.Number + 1;
        if (state.Decisions.TryGetValue(number, out var decision))
        {
            yield return ($"rank {i} sees {number} abandoned", with(rank with { Number = number }));
            if (decision.IsCommit) throw new InvalidOperationException("a mixture was passed over");
        }
        else if (number <= refits)
        {
            for (var version = 0; version < versions; version++)
            {
                var name = $"v{number}{"abc"[version]}";
                yield return ($"rank {i} begins {number} as {name}", with(rank with { Refit = new RankRefit(i, size, new Vote(rank.Version!, name, Self(i, rank.Life), "")) }));
            }
        }
    }

    private IEnumerable<(string Step, WalkState Next)> Refitting(WalkState state, int i, WalkRank rank, RankRefit refit, Func<WalkRank, WalkState> with)
    {
        var number = rank.Number + 1;
        WalkState Refit(RankRefit next) => with(rank with { Refit = next });
        if (refit.Phase == RankPhase.Open) yield return ($"rank {i} is prepared for {number}", Refit(refit.Vote()));
        if (refit.Phase is RankPhase.Open or RankPhase.Voting or RankPhase.Waiting) yield return ($"rank {i} gives {number} up", Refit(refit.GiveUp([i], "")));
        if (refit.Phase == RankPhase.Closing && rules.EndAlone(refit) is { Phase: RankPhase.Ended } alone) yield return ($"rank {i} ends {number} alone", Refit(alone));
        if (state.Losses > 0 && refit.Next == StoreRequest.CreateVote) yield return ($"rank {i} votes in {number}, unheard", Sent(state, new WalkMessage(number, i, refit.Own, null)));
        if (state.Losses > 0 && refit.Next == StoreRequest.CreateDecision) yield return ($"rank {i} decides {WalkRank.Told(refit.Proposal)} in {number}, unheard", Sent(state, new WalkMessage(number, i, null, refit.Proposal)));
        switch (refit.Next)
        {
            case StoreRequest.FindDecision:
                yield return ($"rank {i} looks for {number}", Refit(refit.Found(state.Decisions.GetValueOrDefault(number))));
                break;
            case StoreRequest.FindVote:
                yield return ($"rank {i} looks for the vote of {refit.Asked}", Refit(rules.Found(refit, state.Votes.GetValueOrDefault((number, refit.Asked)))));
                break;
            case StoreRequest.CreateVote:
                var vote = state.Votes.GetValueOrDefault((number, i)) ?? refit.Own;
                yield return ($"rank {i} votes in {number}", Refit(refit.Voted(vote)) with { Votes = state.Votes.SetItem((number, i), vote) });
                break;
            case StoreRequest.CreateDecision:
                var decision = rules.Decided(state.Decisions.GetValueOrDefault(number), refit.Proposal!);
                yield return ($"rank {i} decides {number}: {WalkRank.Told(decision)}", Refit(refit.Found(decision)) with { Decisions = state.Decisions.SetItem(number, decision) });
                break;
            default:
                // What was not written down is not decided for the group: its number is open.
                var isKnown = !ReferenceEquals(refit.Decision, refit.Proposal) || (state.Decisions.TryGetValue(number, out var there) && ReferenceEquals(there, refit.Decision));
                yield return ($"rank {i} follows {WalkRank.Told(refit.Decision)}", with(rank with { Refit = null, Number = isKnown ? number : rank.Number, Version = refit.Outcome == RankOutcome.Commit ? refit.Own.Version : rank.Version }));
                break;
        }
    }

    private static WalkState Sent(WalkState state, WalkMessage message) =>
        state with { Losses = state.Losses - 1, Late = state.Late.SetItem($"{message}", message) };

    private WalkState Arrived(WalkState state, WalkMessage message) => message.Vote is { } vote
        ? state with { Votes = state.Votes.ContainsKey((message.Number, message.Rank)) ? state.Votes : state.Votes.SetItem((message.Number, message.Rank), vote) }
        : state with { Decisions = state.Decisions.SetItem(message.Number, rules.Decided(state.Decisions.GetValueOrDefault(message.Number), message.Decision!)) };
}
