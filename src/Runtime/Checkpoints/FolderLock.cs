namespace Lanyard.Checkpoints;

/// <summary>Keeps two writers, of one process or of several, from replacing the checkpoint of one folder at once.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes a folder that is there.</summary>
    /// <param name="folder">The full path of the folder.</param>
    /// <exception cref="CheckpointException">Another writer has it, or nothing can be written there.</exception>
    public static FolderLock Take(string folder) => Take(folder, attempts: 100);

    private static FolderLock Take(string folder, int attempts)
    {
        // Named as what a killed writer may leave, so that the next one removes it.
        string path = Path.Combine(folder, PendingFile.TemporaryName(SafetensorsIndex.FileName, Guid.Empty));
        try
        {
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

            // One that was removed between being opened and being locked keeps nobody out.
            if (File.Exists(path))
            {
                return new FolderLock(file);
            }

            file.Dispose();
            return Take(folder, attempts);
        }
        catch (IOException) when (attempts > 0 && !File.Exists(path) && Directory.Exists(folder))
        {
            // Whoever had it has ended meanwhile.
            return Take(folder, attempts - 1);
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(folder, File.Exists(path) ? "another export or merge writes into this folder, and has not ended: wait for it, or give each a folder of its own." : e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
