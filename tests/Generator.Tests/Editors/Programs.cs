using System.Diagnostics;
using System.Reflection;

namespace Lanyard.Generator.Tests.Editors;

/// <summary>Programs that tests start.</summary>
internal static class Programs
{
    /// <summary>The assembly of csharp-ls.</summary>
    public static string LanguageServer { get; } = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "LanguageServer").Value!;

    /// <summary>How dotnet is started in a folder, in which it also leaves what it would leave among temporary files.</summary>
    public static ProcessStartInfo In(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var temporary = Directory.CreateDirectory(Path.Combine(folder, "obj", "tmp")).FullName;
        foreach (var name in new[] { "TMPDIR", "TEMP", "TMP" }) start.Environment[name] = temporary;

        // A node or a compiler that stays behind would hold the folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        return start;
    }
}
