using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using Lanyard.Checkpoints;
using Lanyard.Faults;
using Lanyard.Models.Llama4;
using TorchSharp;
using Xunit.Abstractions;

namespace Lanyard.Models.Tests.Faults;

/// <summary>
/// Kills a process that loads, refits, exports and merges, at random points of each. <c>LANYARD_KILLS</c> says how often, and
/// <c>LANYARD_KILLS_SEED</c> gives the points of a run again, as far as a process runs twice alike.
/// </summary>
[Trait("Category", "Faults")]
public sealed class KillTests : IDisposable
{
    private const int DefaultKills = 20;
    private static readonly WorkerPhase[] Phases = [.. Enum.GetValues<WorkerPhase>().Where(phase => phase != WorkerPhase.Waiting)];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ITestOutputHelper _output;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-faults-");
    private readonly WorkerFolder _folder;
    private readonly Dictionary<string, KnownWeights> _known = [];
    private readonly Dictionary<string, FolderState> _states = [];
    private readonly Dictionary<WorkerPhase, int> _killed = [];
    private readonly ulong[] _sources;
    private bool _keep;
    private int _writing;
    private int _renaming;
    private int _replaced;

    public KillTests(ITestOutputHelper output)
    {
        _output = output;
        _folder = new WorkerFolder(_directory.FullName);
        WorkerWeights.Write(_folder);
        _sources = [FileHash(0), FileHash(1)];
        var whole = new KnownWeights(_folder.Source(0), _folder.Source(1));
        foreach (var path in new[] { _folder.Single, _folder.Sharded, _folder.Mixed, _folder.Merged }) _known[path] = whole;
        for (var rank = 0; rank < WorkerFolder.Ranks; rank++) _known[_folder.Rank(rank)] = new KnownWeights(ExportOf(rank, 0), ExportOf(rank, 1));
    }

    public void Dispose()
    {
        _folder.Dispose();
        if (!_keep) _directory.Delete(recursive: true);
    }

    [Fact]
    public void A_process_that_is_killed_at_any_time_leaves_whole_checkpoints()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("LANYARD_KILLS") ?? $"{DefaultKills}", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("LANYARD_KILLS_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        var done = 0;
        try
        {
            Dictionary<WorkerPhase, TimeSpan> durations;
            using (var first = new WorkerProcess(_folder.Root)) durations = first.Once();
            Look();
            using var checkpoint = Checkpoint.Open(_folder.Single);
            using var mapped = new MappedTensors(checkpoint);

            var next = new WorkerProcess(_folder.Root);
            try
            {
                foreach (var point in Points(kills, new Random(seed)))
                {
                    using var worker = next;
                    // The next one makes its models meanwhile; it touches nothing before it is told to.
                    next = new WorkerProcess(_folder.Root);
                    KillAt(worker, point, durations);
                    done++;
                    Look();
                }
            }
            finally
            {
                next.Dispose();
            }

            using (var last = new WorkerProcess(_folder.Root)) last.Once();
            Look();
            Assert.All(_states.Values, state => Assert.Empty(state.Temporary.Concat(state.Unnamed)));
            Assert.True(mapped.AreUnchanged(), "a mapped file changed when it was replaced");
            Assert.Equal(Phases, _killed.Keys.Order());
        }
        catch (Exception e)
        {
            _keep = true;
            throw new InvalidOperationException($"After {done} of {kills} kills, LANYARD_KILLS_SEED={seed}, files in {_folder.Root}: {e.Message}", e);
        }
        finally
        {
            _output.WriteLine($"{done} kills, LANYARD_KILLS_SEED={seed}: {string.Join(", ", _killed.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
            _output.WriteLine($"while a file was written {_writing}, between the renames of one checkpoint {_renaming}, after a checkpoint was replaced {_replaced}");
        }
    }

    // Every phase equally often, and once in a round the renames; then whatever was missed, since a process may be quicker than expected.
    private IEnumerable<KillPoint> Points(int kills, Random random)
    {
        var queue = new Queue<KillPoint>();
        for (var i = 0; i < kills; i++)
        {
            if (queue.Count == 0)
            {
                KillPoint[] round = [.. Phases.Select(phase => new KillPoint(phase, random.NextDouble(), false)), new(WorkerPhase.ExportSharded, 0, true)];
                random.Shuffle(round);
                queue = new Queue<KillPoint>(round);
            }
            yield return queue.Dequeue();
        }
        foreach (var phase in Phases)
        {
            for (var i = 0; i < 5 && !_killed.ContainsKey(phase); i++) yield return new KillPoint(phase, 0, false);
        }
    }

    private void KillAt(WorkerProcess worker, KillPoint point, Dictionary<WorkerPhase, TimeSpan> durations)
    {
        var before = Firsts();
        _folder.Phase = WorkerPhase.Waiting;
        worker.Go($"{(point.Phase is WorkerPhase.Start ? WorkerPhase.Load : point.Phase is WorkerPhase.Merge ? WorkerPhase.ExportRanks : point.Phase)}");
        var start = Stopwatch.GetTimestamp();
        // The start comes once, the others come round again.
        Wait(() => _folder.Phase == point.Phase || (point.Phase == WorkerPhase.Start && _folder.Phase > point.Phase));
        if (point.AtRename) Wait(() => Firsts().Except(before).Any());

        var delay = point.Fraction * durations.GetValueOrDefault(point.Phase, durations[WorkerPhase.Load]);
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < delay) Thread.Yield();
        worker.Kill();
        _killed[_folder.Phase] = _killed.GetValueOrDefault(_folder.Phase) + 1;

        // A name that is there may be taken again, by a file of another time.
        IEnumerable<(string, DateTime)> Firsts() =>
            [.. Directory.GetFiles(_folder.Sharded, "model*-00001-of-*.safetensors").Select(path => (path, File.GetLastWriteTimeUtc(path)))];

        void Wait(Func<bool> condition)
        {
            while (!condition())
            {
                if (worker.HasEnded) throw new InvalidOperationException($"The worker failed, at {_folder.Phase}:\n{worker.Errors}");
                if (Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException($"The worker did not get to {point.Phase}, it is at {_folder.Phase}.");
                Thread.Yield();
            }
        }
    }

    // Everything that a worker may have written, and what it may only have read.
    private void Look()
    {
        foreach (var (path, known) in _known)
        {
            var state = known.Look(path);
            if (_states.TryGetValue(path, out var before))
            {
                if (state.Temporary.Except(before.Temporary).Any()) _writing++;
                if (state.Unnamed.Except(before.Unnamed).Any()) _renaming++;
                if (state.Side != before.Side) _replaced++;
            }
            _states[path] = state;
        }
        Assert.Equal<IEnumerable<ulong>>(_sources, [FileHash(0), FileHash(1)]);
    }

    private ulong FileHash(int side) => XxHash3.HashToUInt64(File.ReadAllBytes(_folder.Source(side)));

    private string ExportOf(int rank, int side)
    {
        var path = Path.Combine(_folder.Root, $"expected-{rank}-{side}");
        using var model = new Llama4ForCausalLM(Llama4Config.Load(_folder.Root), new Topology(rank, WorkerFolder.Ranks));
        using var checkpoint = Checkpoint.Open(_folder.Source(side));
        LoadPlan.Create(model, checkpoint).Execute();
        model.Export(path);
        return path;
    }
}
