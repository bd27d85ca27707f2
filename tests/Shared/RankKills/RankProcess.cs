using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Lanyard.Ranks;

/// <summary>A rank in a process of its own, which is killed when it is disposed, if not before.</summary>
internal sealed class RankProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string Program = typeof(RankProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RanksHost").Value!;

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly StringBuilder _errors = new();

    public RankProcess(params string[] arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text) _lines.Add(text);
            else _lines.CompleteAdding();
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until it has begun.</summary>
    public RankProcess Ready()
    {
        if (Line() is not "ready" and var line) throw new InvalidOperationException($"The rank did not begin, but said: {line}");
        return this;
    }

    /// <summary>Tells it what to do.</summary>
    public void Tell(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>What it says next.</summary>
    public string Line() => _lines.TryTake(out var line, Patience) ? line : throw new InvalidOperationException($"The rank {(_lines.IsAddingCompleted ? "ended" : $"has said nothing for {Patience.TotalSeconds:0} s")}:\n{Errors()}");

    /// <summary>What it has said and nobody has read.</summary>
    public IEnumerable<string> Rest()
    {
        while (_lines.TryTake(out var line, Patience)) yield return line;
    }

    /// <summary>Kills it, with no chance to do anything more, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        _lines.Dispose();
    }

    private string Errors()
    {
        lock (_errors) return _errors.ToString();
    }
}
