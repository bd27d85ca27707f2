using System.Reflection;

namespace Lanyard.Distributed.Tests.Programs;

/// <summary>Programs and files of this repository.</summary>
internal static class Repository
{
    /// <summary>The program whose ranks the tests start.</summary>
    public static string Worker { get; } = Metadata("DistributedWorker");

    /// <summary>The sample of ranks.</summary>
    public static string Sample { get; } = Metadata("SampleRanks");

    /// <summary>What runs the programs.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The path of a script, as one argument of bash.</summary>
    public static string Script(string name) => Path.Combine(Metadata("RepositoryDirectory"), "eng", name);

    /// <summary>
    /// Why a program cannot be had that a script finds or unpacks; null where it can. A script that fails otherwise than by saying so is no reason: the test then runs, and fails.
    /// </summary>
    public static string? Lacks(string script)
    {
        const int cannotBeHad = 77;
        if (!OperatingSystem.IsLinux()) return $"eng/{script} is for Linux.";
        using var started = new Started("bash", Script(script));
        return started.End(TimeSpan.FromMinutes(10)) == cannotBeHad ? started.Lines.Trim() : null;
    }

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
