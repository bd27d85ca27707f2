namespace Lanyard.Generator.Tests.Editors;

/// <summary>A project, built, and a language server that has a file of it open. Both are there once for all tests of a class.</summary>
public sealed class OpenEditor : IAsyncLifetime
{
    private readonly SmallProject _project = new();
    private LanguageServer? _server;
    private IReadOnlyList<ShownDiagnostic> _shown = [];

    /// <summary>What a build prints that says much.</summary>
    public string Printed { get; private set; } = "";

    /// <summary>All that is shown in the file.</summary>
    internal IReadOnlyList<ShownDiagnostic> Shown => _shown;

    public async Task InitializeAsync()
    {
        Printed = _project.Build();
        _server = await LanguageServer.Start(_project.Folder);
        await _server.Open(_project.Code);
        _shown = await _server.Diagnostics(_project.Code);
    }

    public async Task DisposeAsync()
    {
        try
        {
            if (_server is not null) await _server.DisposeAsync();
        }
        finally
        {
            _project.Dispose();
        }
    }

    /// <summary>What the server says of the name in a declaration, where one points at its second character, and what is shown there.</summary>
    /// <param name="declaration">The declaration up to the end of the name.</param>
    internal async Task<(string Hover, IReadOnlyList<ShownDiagnostic> Shown)> At(string declaration)
    {
        var lines = await File.ReadAllLinesAsync(_project.Code);
        var line = Array.FindIndex(lines, text => text.Contains(declaration, StringComparison.Ordinal));
        var name = declaration.Split(' ')[^1];
        var start = lines[line].IndexOf(declaration, StringComparison.Ordinal) + declaration.Length - name.Length;
        var point = (Line: line, Character: start + 1);
        var shown = _shown.Where(item => item.Start.CompareTo(point) <= 0 && item.End.CompareTo(point) > 0).ToList();
        Assert.All(shown, item => Assert.Equal(((line, start), (line, start + name.Length)), (item.Start, item.End)));
        return (await _server!.Hover(_project.Code, point.Line, point.Character), shown);
    }
}
