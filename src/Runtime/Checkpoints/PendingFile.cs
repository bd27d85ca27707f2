using Microsoft.Win32.SafeHandles;

namespace Lanyard.Checkpoints;

/// <summary>A file being written under a temporary name beside its final one, which it takes only when it is whole.</summary>
internal sealed class PendingFile : IDisposable
{
    private readonly string _temporary;
    private readonly SafeFileHandle _handle;
    private bool _committed;

    /// <summary>Creates the temporary file.</summary>
    /// <param name="path">The full path of the final file.</param>
    /// <param name="length">How long it will be, in bytes; a full disk is noticed here if the system can tell.</param>
    public PendingFile(string path, long length)
    {
        FinalPath = path;
        _temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        _handle = File.OpenHandle(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);
    }

    /// <summary>The full path of the final file.</summary>
    public string FinalPath { get; }

    /// <summary>How many bytes have been written.</summary>
    public long Position { get; private set; }

    /// <summary>Writes at the end.</summary>
    /// <param name="bytes">What to write.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, Position);
        Position += bytes.Length;
    }

    /// <summary>Makes sure that what has been written is on the disk, and closes the file; it keeps its temporary name.</summary>
    public void Finish()
    {
        RandomAccess.FlushToDisk(_handle);
        _handle.Dispose();
    }

    /// <summary>Gives the finished file its final name, in place of any file that has it.</summary>
    public void Commit()
    {
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
        catch (Exception e) when (SafetensorsFile.IsInputOutput(e))
        {
            // The failure that brought us here is the one to report.
        }
    }
}
