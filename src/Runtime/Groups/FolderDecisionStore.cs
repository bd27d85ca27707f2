using System.Diagnostics;
using Lanyard.Checkpoints;
using Lanyard.Groups;

namespace Lanyard;

/// <summary>
/// Decisions as files of one folder: of a local file system for ranks on one machine, of a shared one for several. A file is written under a temporary name, flushed, and given its own by a
/// hard link, which of many writers one can make. What a killed writer leaves is a temporary file that nobody reads.
/// </summary>
/// <remarks>
/// <para>
/// The folder must be there, and is not made: where a shared file system is not mounted an empty store would begin the group anew. So let it be a folder within the mount, made once.
/// Every call looks whether the folder is the one that it was, and one that is not is not reached.
/// </para>
/// <para>
/// A shared file system must have hard links and show new files at once, on all machines. NFS is mounted with <c>lookupcache=none</c>, and <c>soft</c>, or a call waits as long as the server is away.
/// A folder that a service copies between machines now and then is none.
/// </para>
/// </remarks>
public sealed class FolderDecisionStore : IDecisionStore
{
    private const string MarkName = ".lanyard-store";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly string _mark;

    /// <summary>Opens the store in a folder, which becomes one if it was none.</summary>
    /// <param name="folder">The folder; it must be there.</param>
    /// <exception cref="DecisionStoreException">It is not there, or nothing can be written to it.</exception>
    public FolderDecisionStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
        _folder = Guarded(() => Path.GetFullPath(folder));
        _mark = Guarded(() => Created(Path.Combine(_folder, MarkName), DecisionRecords.Bytes($"{Guid.NewGuid():N}", nameof(folder))));
    }

    /// <inheritdoc/>
    public string? Find(string name, CancellationToken cancellationToken = default)
    {
        DecisionRecords.Check(name, nameof(name));
        cancellationToken.ThrowIfCancellationRequested();
        return Guarded(() =>
        {
            var record = Read(PathOf(name));
            CheckMark();

            // Whoever made it may not have come to that, and who reads it acts on it.
            if (record is not null) FlushFolders(name);
            return record;
        });
    }

    /// <inheritdoc/>
    public string Create(string name, string record, CancellationToken cancellationToken = default)
    {
        DecisionRecords.Check(name, nameof(name));
        var bytes = DecisionRecords.Bytes(record, nameof(record));
        cancellationToken.ThrowIfCancellationRequested();
        return Guarded(() =>
        {
            CheckMark();
            MakeFolders(name);
            var there = Created(PathOf(name), bytes);
            FlushFolders(name);
            CheckMark();
            return there;
        });
    }

    /// <summary>The folder.</summary>
    public override string ToString() => _folder;

    private static string Created(string path, byte[] bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(folder, PendingFile.TemporaryName("record", Guid.NewGuid()));
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(file, bytes, 0);
                RandomAccess.FlushToDisk(file);
            }
            NewFile.TryName(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }

        // A shared file system may have to look again.
        var begun = Stopwatch.GetTimestamp();
        string? there;
        while ((there = Read(path)) is null)
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience) throw new IOException($"{path} is there, but cannot be read.");
            Thread.Sleep(1);
        }
        return there;
    }

    private static string? Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The caller looks whether the store itself is there.
            return null;
        }
        return DecisionRecords.Text(bytes) ?? throw new IOException($"{path} is no record.");
    }

    // With an ending that no folder has, so that a record may be called like the beginning of another.
    private string PathOf(string name) => Path.Combine(_folder, name.Replace('/', Path.DirectorySeparatorChar) + "=");

    private void MakeFolders(string name)
    {
        var folders = Folders(name);
        if (Directory.Exists(folders[^1])) return;
        foreach (var folder in folders.Skip(1)) NewFile.MakeFolder(folder);
    }

    private void FlushFolders(string name)
    {
        foreach (var folder in Folders(name)) NewFile.Flush(folder);
    }

    // From the store's own to the one that the record lies in.
    private List<string> Folders(string name)
    {
        var parts = name.Split('/');
        return [.. parts.Select((_, count) => Path.Combine([_folder, .. parts[..count]]))];
    }

    private void CheckMark()
    {
        if (Read(Path.Combine(_folder, MarkName)) != _mark) throw new IOException("it was emptied, or another is in its place.");
    }

    private T Guarded<T>(Func<T> f)
    {
        try
        {
            return f();
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new DecisionStoreException(_folder, Directory.Exists(_folder) ? e.Message : File.Exists(_folder) ? "it is a file or a broken link, not a folder." : "it is not there, or not to be seen by this process.", e);
        }
    }
}
