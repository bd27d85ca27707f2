using Spectre.Console;

namespace Lanyard.Ranks;

/// <summary>What all processes have found, in a table: claims by processes.</summary>
internal static class Report
{
    private const int Width = 200;

    /// <returns>Whether everything held.</returns>
    public static bool Show(IReadOnlyList<Findings> processes)
    {
        // The output of a rank goes through mpirun: no colours.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = Width;
        var table = new Table { Border = TableBorder.Ascii2, ShowRowSeparators = true };
        table.AddColumn("");
        foreach (var process in processes) table.AddColumn(process.Name);
        foreach (var claim in processes.SelectMany(process => process.Found.Select(found => found.Claim)).Distinct())
            table.AddRow([Markup.Escape(claim), .. processes.Select(process => Markup.Escape(string.Join("\n", process.Found.Where(found => found.Claim == claim).Select(found => $"{(found.Holds ? "ok" : "FAIL")} {found.Detail}".TrimEnd()))))]);
        console.Write(table);

        var all = processes.SelectMany(process => process.Found).ToList();
        var failed = all.Count(found => !found.Holds);
        console.WriteLine(failed == 0 ? $"All {all.Count} checks held, on {processes.Count} processes." : $"{failed} of {all.Count} checks failed.");
        return failed == 0;
    }
}
