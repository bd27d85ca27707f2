namespace Lanyard.Generator.Tests;

public sealed class SnapshotHelperTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-snapshots-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("1", "true", false)]
    [InlineData("1", null, true)]
    public void Only_a_person_accepts(string? accept, string? ci, bool accepted)
    {
        var snapshot = new Snapshot(_directory.FullName, name => name == "CI" ? ci : accept);
        var path = Path.Combine(_directory.FullName, "Case.g.cs");
        if (accepted)
        {
            snapshot.Matches("a\nb", "Case");
            Assert.Equal("a\nb", File.ReadAllText(path));
            snapshot.Matches("a\nc", "Case");
            Assert.Equal("a\nc", File.ReadAllText(path));
            return;
        }
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => snapshot.Matches("a\nb", "Case"));
        Assert.False(File.Exists(path));
        File.WriteAllText(path, "a\r\nb");
        snapshot.Matches("a\nb", "Case");
        Assert.Contains("- b\n+ c", Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => snapshot.Matches("a\nc", "Case")).Message, StringComparison.Ordinal);
        Assert.Equal("a\r\nb", File.ReadAllText(path));
    }
}
