using Lanyard.Distributed.Tests.Programs;

namespace Lanyard.Distributed.Tests.Mpi;

/// <summary>Ranks that are processes, and the folder that they write what they find into.</summary>
internal sealed class MpiJob : IDisposable
{
    private static readonly Lazy<string?> Reason = new(() => Repository.Lacks("mpi.sh"));

    private readonly ScratchFolder _folder = new();
    private readonly Started _started;

    public MpiJob(int ranks, string what, params IEnumerable<string> arguments) =>
        _started = new Started("bash", [Repository.Script("mpi.sh"), "-np", $"{ranks}", Repository.Dotnet, Repository.Worker, what, _folder.Path, .. arguments]);

    /// <summary>Why there can be none.</summary>
    public static string? Lacks => Reason.Value;

    /// <summary>What mpirun and the ranks have written.</summary>
    public string Lines => _started.Lines;

    /// <summary>Waits for the end of all.</summary>
    public int End(TimeSpan timeout) => _started.End(timeout);

    /// <summary>What each rank has found, each in one line: <c>section: ok</c>, or what is wrong.</summary>
    public IReadOnlyList<string[]> Found() => [.. Directory.GetFiles(_folder.Path, "rank-*.txt").Order().Select(File.ReadAllLines)];

    /// <summary>The process of a rank, when it has said which it is.</summary>
    public int Process(int rank)
    {
        var (file, end) = (Path.Combine(_folder.Path, $"process-{rank}"), DateTime.UtcNow + TimeSpan.FromMinutes(1));
        while (!File.Exists(file))
        {
            if (_started.HasEnded || DateTime.UtcNow > end) throw new InvalidOperationException($"Rank {rank} did not start:\n{Lines}");
            Thread.Sleep(20);
        }
        return int.Parse(File.ReadAllText(file), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _started.Dispose();
        _folder.Dispose();
    }
}
