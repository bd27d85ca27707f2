using System.Text.Json.Nodes;
using Lanyard.Benchmarks;

// What eng/benchmarks.sh ends with: the rows of this run as a table, and into the history. 1 where a row is a loss.
if (args is not [var measured, var path, var commit, .. var more])
{
    Console.Error.WriteLine("ROWS HISTORY COMMIT [--quick]");
    return 2;
}
var rows = File.ReadLines(measured).Select(line => Row.Read(JsonNode.Parse(line)!)).ToList();
var history = new History(path, quick: more.Contains("--quick"));
var table = new Table(rows, history);
Console.WriteLine(table);
history.Append(rows, commit);
return table.HasLoss ? 1 : 0;
