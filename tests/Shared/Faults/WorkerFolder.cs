using System.IO.MemoryMappedFiles;

namespace Lanyard.Faults;

/// <summary>
/// The folder that a worker and the test share. What the worker is doing is one byte of a mapped file: it can be read at any time, and
/// outlives the process that wrote it.
/// </summary>
internal sealed class WorkerFolder : IDisposable
{
    /// <summary>The number of ranks whose parts are exported and merged.</summary>
    public const int Ranks = 2;

    /// <summary>The key of the metadata that says which weights an export has.</summary>
    public const string SideKey = "side";

    private const int Size = 4096;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <param name="path">The folder; it must be there.</param>
    public WorkerFolder(string path)
    {
        Root = path;
        _file = MemoryMappedFile.CreateFromFile(Path.Combine(path, "phase"), FileMode.OpenOrCreate, null, Size);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The folder, with the model's configuration in it.</summary>
    public string Root { get; }

    /// <summary>What the worker is doing, or was when it ended.</summary>
    public WorkerPhase Phase
    {
        get => (WorkerPhase)_view.ReadByte(0);
        set => _view.Write(0, (byte)value);
    }

    /// <summary>Where an export goes that is always one file.</summary>
    public string Single => Path.Combine(Root, "single");

    /// <summary>Where an export goes that is always several files, of the same names but for their edition.</summary>
    public string Sharded => Path.Combine(Root, "sharded");

    /// <summary>Where an export goes that is one file and several by turns.</summary>
    public string Mixed => Path.Combine(Root, "mixed");

    /// <summary>Where the parts of all ranks are merged.</summary>
    public string Merged => Path.Combine(Root, "merged");

    /// <summary>The two weights that are loaded by turns.</summary>
    /// <param name="side">0 or 1.</param>
    public string Source(int side) => Path.Combine(Root, $"source-{side}.safetensors");

    /// <summary>What somebody else writes over while it is read.</summary>
    public string Live => Path.Combine(Root, "live.safetensors");

    /// <summary>Where a rank's part is exported.</summary>
    /// <param name="rank">0 or 1.</param>
    public string Rank(int rank) => Path.Combine(Root, $"rank-{rank}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
