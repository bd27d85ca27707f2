namespace Lanyard.Distributed.Tests.Programs;

/// <summary>A folder of a test's own.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lanyard-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
