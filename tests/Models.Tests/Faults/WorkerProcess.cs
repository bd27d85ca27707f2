using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Lanyard.Faults;

namespace Lanyard.Models.Tests.Faults;

/// <summary>A worker in a process of its own, which is killed when it is disposed, if not before.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly string Program = typeof(WorkerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "FaultsWorker").Value!;

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    /// <summary>Starts a worker; it makes its models, and then waits.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="refits">How often it is to refit from the file that is overwritten, which it does without waiting; null for everything else.</param>
    public WorkerProcess(string folder, int? refits = null)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", refits is { } count ? [Program, folder, $"{count}"] : [Program, folder])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether it has ended by itself, which it only does when something is wrong.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it wrote to its standard error.</summary>
    public string Errors
    {
        get
        {
            _process.WaitForExit();
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>Waits until the worker is ready, and tells it to go on.</summary>
    /// <param name="command">The phase to begin with, or <c>once</c>.</param>
    public void Go(string command)
    {
        if (_process.StandardOutput.ReadLine() != "ready") throw new InvalidOperationException($"The worker did not start:\n{Errors}");
        _process.StandardInput.WriteLine(command);
    }

    /// <summary>Has the worker run every phase once, and waits for its end.</summary>
    /// <returns>How long each phase took.</returns>
    public Dictionary<WorkerPhase, TimeSpan> Once()
    {
        Go("once");
        var lines = _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _process.WaitForExit();
        if (_process.ExitCode != 0) throw new InvalidOperationException($"The worker failed:\n{Errors}");
        return lines.Select(line => line.Split(' ')).ToDictionary(
            words => Enum.Parse<WorkerPhase>(words[0]), words => TimeSpan.FromMilliseconds(double.Parse(words[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>What the worker has said when it ended by itself.</summary>
    public string Output()
    {
        var text = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return _process.ExitCode == 0 ? text : throw new InvalidOperationException($"The worker ended with {_process.ExitCode}:\n{Errors}");
    }

    /// <summary>Kills the worker, with no chance to do anything more, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
