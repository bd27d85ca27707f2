using System.Diagnostics;
using System.Text;
using System.Text.Json;
using StreamJsonRpc;

namespace Lanyard.Generator.Tests.Editors;

/// <summary>csharp-ls in a process of its own, asked as an editor asks. It ends when it is disposed of; if it does not, it is killed, with what it has started.</summary>
internal sealed class LanguageServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly JsonRpc _connection;
    private readonly StringBuilder _lines = new();

    private LanguageServer(string folder)
    {
        _process = new Process
        {
            StartInfo = Programs.In(folder, [Programs.LanguageServer]),
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_lines) _lines.AppendLine(line.Data);
        };
        _process.Start();
        _process.BeginErrorReadLine();
        _connection = new JsonRpc(new HeaderDelimitedMessageHandler(_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream, new SystemTextJsonFormatter()), new EditorAnswers());
        _connection.StartListening();
    }

    /// <summary>Starts a server for a folder with a project.</summary>
    public static async Task<LanguageServer> Start(string folder)
    {
        var server = new LanguageServer(folder);
        try
        {
            await server.Ask("initialize", new
            {
                processId = Environment.ProcessId,
                rootUri = new Uri(folder).AbsoluteUri,
                workspaceFolders = new[] { new { uri = new Uri(folder).AbsoluteUri, name = "author" } },
                capabilities = new { workspace = new { configuration = true }, textDocument = new { diagnostic = new { } } },
            });
            await server.Tell("initialized", new { });
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a file.</summary>
    public Task Open(string path) =>
        Tell("textDocument/didOpen", new { textDocument = new { uri = new Uri(path).AbsoluteUri, languageId = "csharp", version = 1, text = File.ReadAllText(path) } });

    /// <summary>What the server finds in a file.</summary>
    public async Task<IReadOnlyList<ShownDiagnostic>> Diagnostics(string path)
    {
        var report = await Ask("textDocument/diagnostic", new { textDocument = new { uri = new Uri(path).AbsoluteUri } });
        return [.. report.GetProperty("items").EnumerateArray().Select(ShownDiagnostic.Of)];
    }

    /// <summary>What the server says where one points at a place.</summary>
    public async Task<string> Hover(string path, int line, int character)
    {
        var hover = await Ask("textDocument/hover", new { textDocument = new { uri = new Uri(path).AbsoluteUri }, position = new { line, character } });
        return hover.GetProperty("contents").GetProperty("value").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_process.HasExited) return;
            await Ask("shutdown", null);
            await Tell("exit", null);
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            _connection.Dispose();
            _process.Dispose();
        }
    }

    private async Task<JsonElement> Ask(string method, object? arguments)
    {
        try
        {
            return await _connection.InvokeWithParameterObjectAsync<JsonElement>(method, arguments).WaitAsync(Patience);
        }
        catch (Exception fault) when (fault is TimeoutException or RemoteRpcException)
        {
            lock (_lines) throw new InvalidOperationException($"The server does not answer {method}: {fault.Message}\n{_lines}", fault);
        }
    }

    private Task Tell(string method, object? arguments) => _connection.NotifyWithParameterObjectAsync(method, arguments).WaitAsync(Patience);
}
