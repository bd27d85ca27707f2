using System.Reflection;

namespace Lanyard.Tests;

internal static class Fixtures
{
    private static readonly string Directory = typeof(Fixtures).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "FixturesDirectory").Value!;

    /// <summary>The path of a file or folder under tests/fixtures.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Directory, .. parts]);
}
