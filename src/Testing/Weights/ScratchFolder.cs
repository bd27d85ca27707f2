namespace Lanyard.Testing.Weights;

/// <summary>A folder for what is exported, removed with this.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-test-");
    private int _next;

    /// <summary>The path of a folder that is not there yet.</summary>
    public string Next() => Path.Combine(_directory.FullName, $"{_next++}");

    public void Dispose() => _directory.Delete(recursive: true);
}
