using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace Lanyard.Models.Tests.Serving;

/// <summary>The sample server in a process of its own, which is killed when it is disposed, if not before.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly string Program = typeof(ServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "SampleServer").Value!;

    private readonly Process _process;
    private readonly StringBuilder _lines = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Starts a server, and waits until it listens.</summary>
    public ServerProcess(string folder)
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Program, folder, "--urls", "http://127.0.0.1:0"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetDirectoryName(Program),
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The server ended:\n{Lines}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _client.BaseAddress = new Uri(listening.Task.WaitAsync(TimeSpan.FromMinutes(2)).GetAwaiter().GetResult());

        void Read(string? line)
        {
            lock (_lines) _lines.AppendLine(line);
            if (line?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at) listening.TrySetResult(line[(at + Listening.Length)..].Trim());
        }
    }

    /// <summary>What it has written.</summary>
    public string Lines
    {
        get
        {
            lock (_lines) return _lines.ToString();
        }
    }

    /// <summary>Asks for a page.</summary>
    public async Task<(HttpStatusCode Status, string Text)> Get(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Posts a message.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> Post(string path, JsonObject message)
    {
        using var response = await _client.PostAsJsonAsync(new Uri(path, UriKind.Relative), message);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length > 0 && text[0] == '{' ? JsonNode.Parse(text) : text);
    }

    /// <summary>Kills it: nothing is written or closed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        _client.Dispose();
    }
}
