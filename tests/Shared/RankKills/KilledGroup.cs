using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Lanyard.Ranks;

/// <summary>Three ranks in processes of their own, whose decisions are in a store that the test has made, and which it refits and kills.</summary>
/// <param name="store">The store: a folder, or the address of etcd.</param>
/// <param name="timeout">How long a rank waits for the others.</param>
/// <param name="find">Finds a record in that store.</param>
internal sealed class KilledGroup(string store, TimeSpan timeout, Func<string, string?> find) : IDisposable
{
    /// <summary>How many ranks there are.</summary>
    public const int Size = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<(string Version, int Rank), string> _digests = [];
    private readonly RankProcess?[] _ranks = new RankProcess?[Size];
    private readonly Queue<RankProcess> _spare = [];
    private string _recorded = "step-0";
    private long _number;

    /// <summary>The version that all have.</summary>
    public string Version { get; set; } = "step-0";

    /// <summary>How long a refit takes in which nobody is killed.</summary>
    public TimeSpan Usual { get; private set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The process that is a rank.</summary>
    public RankProcess this[int rank] => _ranks[rank]!;

    /// <summary>Makes the group.</summary>
    public void Begin()
    {
        for (var i = 0; i <= Size; i++) Spare();
        for (var rank = 0; rank < Size; rank++) Join(rank);
        for (var rank = 0; rank < Size; rank++) Has(Joined(rank), "joined", Version, rank);
    }

    /// <summary>Has another process join in the place of one that is dead.</summary>
    public void Join(int rank)
    {
        (_ranks[rank] = _spare.Dequeue().Ready()).Tell($"join {rank}");
        Spare();
    }

    /// <summary>What a process says that has joined; one that did not reach the store joins again.</summary>
    public string Joined(int rank) => Until(rank, "joined", $"join {rank}", "away", this[rank].Line());

    /// <summary>Has a rank ask what was decided until it knows.</summary>
    public string Settled(int rank)
    {
        this[rank].Tell("settle");
        return Until(rank, "settled", "settle", $"undecided {Version} ", this[rank].Line());
    }

    /// <summary>Waits until a rank reaches the store.</summary>
    public void Reached(int rank)
    {
        this[rank].Tell("reach");
        Until(rank, "reached", "reach", "away", this[rank].Line());
    }

    /// <summary>Kills a rank.</summary>
    public void Kill(int rank)
    {
        this[rank].Kill();
        this[rank].Dispose();
        _ranks[rank] = null;
    }

    /// <summary>A refit in which nobody is killed.</summary>
    public void Refit(int step)
    {
        var begun = Stopwatch.GetTimestamp();
        foreach (var rank in _ranks) rank!.Tell($"refit step-{step}");
        for (var rank = 0; rank < Size; rank++) Has(this[rank].Line(), "committed", $"step-{step}", rank);
        Usual = Stopwatch.GetElapsedTime(begun);
        Version = $"step-{step}";
    }

    /// <summary>Tells all ranks to refit, one of them to stop at a point, if one is given; comes back when it has stopped there, or after some part of the usual time.</summary>
    public void RefitUntil(string version, int? rank, string? point, Random random)
    {
        var (begun, delay) = (Stopwatch.GetTimestamp(), random.NextDouble() * 1.2 * Usual);
        for (var other = 0; other < Size; other++) this[other].Tell(other == rank && point is not null ? $"stop {version} {point}" : $"refit {version}");
        if (point is not null)
        {
            if (this[rank!.Value].Line() is var line && line != $"at {point}") throw new InvalidOperationException($"Rank {rank} did not come to the point \"{point}\", but said: {line}");
        }
        else
        {
            while (Stopwatch.GetElapsedTime(begun) < delay) Thread.Yield();
        }
    }

    /// <summary>Looks whether every rank has the weights of the version that the record says, whole, and no other.</summary>
    public void AllHaveWhatIsRecorded()
    {
        Assert.Equal(Recorded(), Version);
        for (var rank = 0; rank < Size; rank++) this[rank].Tell("state");
        for (var rank = 0; rank < Size; rank++) Has(this[rank].Line(), "state", Version, rank);
    }

    /// <summary>Looks what a rank says: what it did, its version and the digest of its weights.</summary>
    /// <returns>The rest of it.</returns>
    public string Has(string line, string did, string version, int rank)
    {
        if (!_digests.TryGetValue((version, rank), out var digest)) _digests.Add((version, rank), digest = RankWeights.Digest(tensor => RankWeights.Of(version, rank, tensor)));
        var expected = $"{did} {version} {digest}";
        Assert.True(line.StartsWith(expected, StringComparison.Ordinal), $"Rank {rank} should say \"{expected}\", and says \"{line}\"");
        return line[expected.Length..];
    }

    public void Dispose()
    {
        foreach (var rank in _ranks) rank?.Dispose();
        foreach (var rank in _spare) rank.Dispose();
    }

    private string Recorded()
    {
        var version = _recorded;
        while (find($"engine/{_number + 1}/decision") is { } record)
        {
            using var decision = JsonDocument.Parse(record);
            version = decision.RootElement.GetProperty("serves").GetString()!;
            _number++;
        }
        return _recorded = version;
    }

    private string Until(int rank, string done, string tell, string notYet, string line)
    {
        for (var begun = Stopwatch.GetTimestamp(); !line.StartsWith(done, StringComparison.Ordinal); line = this[rank].Line())
        {
            if (!line.StartsWith(notYet, StringComparison.Ordinal) || Stopwatch.GetElapsedTime(begun) > Patience) throw new InvalidOperationException($"Rank {rank} should have come to say \"{done}\", and says: {line}");
            Thread.Sleep(20);
            this[rank].Tell(tell);
        }
        return line;
    }

    private void Spare() => _spare.Enqueue(new RankProcess(store, "engine", $"{Size}", $"{timeout.TotalMilliseconds}"));
}
