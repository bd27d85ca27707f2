using System.Diagnostics;
using System.Text;

namespace Lanyard.Distributed.Tests.Programs;

/// <summary>A program that a test has started. With what it has started it is killed when it is disposed of, if not before.</summary>
internal sealed class Started : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _lines = new();

    public Started(string program, params IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Read(string? line)
        {
            lock (_lines) _lines.AppendLine(line);
        }
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it has written, to both streams.</summary>
    public string Lines
    {
        get
        {
            lock (_lines) return _lines.ToString();
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public int End(TimeSpan timeout)
    {
        if (!_process.WaitForExit(timeout)) throw new TimeoutException($"It did not end within {timeout}:\n{Lines}");
        _process.WaitForExit(); // its output too
        return _process.ExitCode;
    }

    /// <summary>Kills it, with no chance to do anything more.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
