using System.Globalization;
using System.Text.Json.Nodes;

namespace Lanyard.Benchmarks;

/// <summary>The rows of earlier runs, a line of JSON for each. Runs of one size on one kind of machine are compared, and no others.</summary>
internal sealed class History
{
    private readonly string _path;
    private readonly (string Processor, int Processors, bool Quick) _kind;
    private readonly ILookup<string, Row> _rows;

    public History(string path, bool quick)
    {
        (_path, _kind) = (path, (Model(), Environment.ProcessorCount, quick));
        _rows = (File.Exists(path) ? File.ReadLines(path) : []).Select(line => JsonNode.Parse(line)!).Where(IsOfKind).Select(Row.Read).ToLookup(row => row.Name);
    }

    public string Machine => $"{_kind.Processors} processors, {_kind.Processor}{(_kind.Quick ? ", small sizes" : "")}";

    /// <summary>The figures of a row, the last one last.</summary>
    public IReadOnlyList<double> Figures(Row row) => [.. _rows[row.Name].Where(before => before.Unit == row.Unit).Select(before => before.Figure)];

    public void Append(IEnumerable<Row> rows, string commit)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        File.AppendAllLines(_path, rows.Select(row =>
        {
            var json = row.ToJson();
            (json["date"], json["commit"], json["processor"], json["processors"], json["quick"]) = (date, commit, _kind.Processor, _kind.Processors, _kind.Quick);
            return json.ToJsonString();
        }));
    }

    private static string Model() =>
        (OperatingSystem.IsLinux() ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")) ?? "unknown";

    private bool IsOfKind(JsonNode line) => ((string)line["processor"]!, (int)line["processors"]!, (bool)line["quick"]!) == _kind;
}
