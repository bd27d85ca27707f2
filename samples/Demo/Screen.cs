using Spectre.Console;

namespace Lanyard.Demo;

/// <summary>What the reader sees: colours and a live bar on a terminal, plain text anywhere else.</summary>
internal sealed class Screen
{
    private const int PlainWidth = 200;
    private int _section;
    private int _failed;
    private int _held;

    public Screen()
    {
        Console = AnsiConsole.Console;
        IsTerminal = !System.Console.IsOutputRedirected && Console.Profile.Capabilities.Ansi;
        if (!IsTerminal)
        {
            Console.Profile.Capabilities.Ansi = false;
            Console.Profile.Capabilities.Interactive = false;
            Console.Profile.Width = PlainWidth;
        }
    }

    public IAnsiConsole Console { get; }

    public bool IsTerminal { get; }

    /// <summary>Whether every check held so far.</summary>
    public bool AllHeld => _failed == 0;

    public void Section(string title)
    {
        Console.WriteLine();
        Console.MarkupLineInterpolated($"[bold]{++_section}. {title}[/]");
    }

    public void Say(string text) => Console.WriteLine("   " + text.Replace("\n", "\n   ", StringComparison.Ordinal));

    /// <summary>Shows a claim and whether it held.</summary>
    public void Check(string claim, bool held)
    {
        if (held) _held++;
        else _failed++;
        if (held) Console.MarkupLineInterpolated($"   [green]ok[/]    {claim}");
        else Console.MarkupLineInterpolated($"   [red]FAIL[/]  {claim}");
    }

    public void Summary()
    {
        Console.WriteLine();
        if (AllHeld) Console.MarkupLineInterpolated($"[bold green]All {_held} checks held.[/]");
        else Console.MarkupLineInterpolated($"[bold red]{_failed} of {_held + _failed} checks failed.[/]");
    }

    /// <summary>Runs work with a progress bar; anywhere but on a terminal one line at each quarter.</summary>
    public void Progress(string what, Action<IProgress<LoadProgress>> work)
    {
        if (!IsTerminal)
        {
            work(new Quarters(this, what));
            return;
        }
        Console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn()).Start(context =>
        {
            var task = context.AddTask("   " + what);
            work(new Bar(task));
            task.Value = task.MaxValue;
        });
    }

    private sealed class Bar(ProgressTask task) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            task.MaxValue = value.TotalBytes;
            task.Value = Math.Max(task.Value, value.Bytes);
        }
    }

    private sealed class Quarters(Screen screen, string what) : IProgress<LoadProgress>
    {
        private readonly Lock _lock = new();
        private int _told;

        public void Report(LoadProgress value)
        {
            lock (_lock)
            {
                var quarter = (int)(value.Bytes * 4 / Math.Max(1, value.TotalBytes));
                if (quarter <= _told) return;
                _told = quarter;
                screen.Say($"{what}: {quarter * 25} % ({value.Slots} of {value.TotalSlots} slots, {value.Bytes:N0} bytes)");
            }
        }
    }
}
