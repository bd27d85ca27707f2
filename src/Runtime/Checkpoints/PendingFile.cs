using Microsoft.Win32.SafeHandles;

namespace Lanyard.Checkpoints;

/// <summary>A file being written under a temporary name beside its final one, which it takes only when it is whole.</summary>
/// <remarks>It is locked meanwhile, so that the next writer can tell one that is being written from one that was left behind.</remarks>
internal sealed class PendingFile : IDisposable
{
    private const string Extension = ".tmp";
    private const int IdLength = 32;

    // Small tensors are written many at a time: each write is a call, and the page cache keeps what one call wrote in one piece,
    // so that whoever maps the file next has few pages to find.
    private const int BufferBytes = 1 << 20;

    private readonly string _temporary;
    private readonly SafeFileHandle _handle;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private int _buffered;
    private bool _committed;

    /// <summary>Creates the temporary file.</summary>
    /// <param name="path">The full path of the final file.</param>
    /// <param name="length">How long it will be, in bytes; a full disk is noticed here if the system can tell.</param>
    public PendingFile(string path, long length)
    {
        FinalPath = path;

        // In the folder of the final file: a rename is one step only within a file system.
        _temporary = Path.Combine(Path.GetDirectoryName(path)!, TemporaryName(Path.GetFileName(path), Guid.NewGuid()));
        _handle = File.OpenHandle(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);
    }

    /// <summary>The full path of the final file.</summary>
    public string FinalPath { get; }

    /// <summary>How many bytes have been appended.</summary>
    public long Position { get; private set; }

    /// <summary>The temporary name of a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">What tells it from others that are being written.</param>
    public static string TemporaryName(string name, Guid id) => $".{name}.{id:N}{Extension}";

    /// <summary>Removes what processes that were killed have left under temporary names.</summary>
    /// <param name="folder">The folder to look in.</param>
    /// <param name="isOurs">Whether a file of this final name is the caller's to write.</param>
    public static void RemoveAbandoned(string folder, Func<string, bool> isOurs)
    {
        foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder, $".*{Extension}") : [])
        {
            if (FinalName(Path.GetFileName(path)) is not string name || !isOurs(name))
            {
                continue;
            }

            try
            {
                // Fails as long as another process has it.
                File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (CheckpointFile.IsInputOutput(e))
            {
                // It is in use, or stays: it costs room, not truth.
            }
        }
    }

    /// <summary>Writes at the end.</summary>
    /// <param name="bytes">What to write.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BufferBytes - _buffered)
        {
            Flush();
        }

        if (bytes.Length > BufferBytes)
        {
            RandomAccess.Write(_handle, bytes, Position);
        }
        else
        {
            bytes.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += bytes.Length;
        }

        Position += bytes.Length;
    }

    /// <summary>Makes sure that what has been appended is on the disk; the file keeps its temporary name.</summary>
    public void Finish()
    {
        Flush();

        // Before any rename: the disk may have the new name long before it has the data.
        RandomAccess.FlushToDisk(_handle);
    }

    /// <summary>Gives the finished file its final name, in place of any file that has it.</summary>
    public void Commit()
    {
        _handle.Dispose();

        // Closed by now: Windows renames no file that is open without sharing.
        File.Move(_temporary, FinalPath, overwrite: true);
        _committed = true;
    }

    /// <summary>Removes the temporary file, unless it has taken its final name.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        if (_committed)
        {
            return;
        }

        try
        {
            File.Delete(_temporary);
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            // The failure that brought us here is the one to report.
        }
    }

    private void Flush()
    {
        RandomAccess.Write(_handle, _buffer.AsSpan(0, _buffered), Position - _buffered);
        _buffered = 0;
    }

    // Of .NAME.ID.tmp; null of anything else.
    private static string? FinalName(string temporary)
    {
        int end = temporary.Length - Extension.Length - IdLength - 1;
        return end > 1 && temporary[0] == '.' && temporary[end] == '.' && temporary.EndsWith(Extension, StringComparison.Ordinal)
            && Guid.TryParseExact(temporary.AsSpan(end + 1, IdLength), "N", out _)
            ? temporary[1..end]
            : null;
    }
}
