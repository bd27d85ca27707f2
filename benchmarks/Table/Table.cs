using System.Globalization;
using System.Text;

namespace Lanyard.Benchmarks;

/// <summary>
/// Rows with their aims, figures and verdicts, in Markdown. A loss is a row that is worse than each of its last five figures, and by more than 15 % than the middle one of them. So one bad run hides no loss, a loss
/// in small steps is seen, and a machine with other work is known by the figures that it gave before.
/// </summary>
internal sealed class Table(IReadOnlyCollection<Row> rows, History history)
{
    private const double Spread = 0.15;
    private const int Runs = 5;

    public bool HasLoss => rows.Any(IsLoss);

    public override string ToString()
    {
        var known = rows.Any(row => history.Figures(row).Count > 0);
        var text = new StringBuilder().AppendLine(history.Machine).AppendLine();
        Line(["what", "aim", "figure", "verdict", .. known ? ["last run", ""] : Array.Empty<string>()]);
        Line([.. Enumerable.Repeat("---", known ? 6 : 4)]);
        foreach (var row in rows)
        {
            Line([row.Name, row.Aim is { } aim ? $"{(row.AtLeast == true ? "at least" : "at most")} {Number(aim)}" : "", $"{Number(row.Figure)} {row.Unit}", row.Reached switch { true => "reached", false => "missed", null => "" }, .. known ? [history.Figures(row) is [.., var last] ? Number(last) : "", IsLoss(row) ? "loss" : ""] : Array.Empty<string>()]);
        }
        return text.AppendLine().Append(CultureInfo.InvariantCulture, $"{rows.Count(row => row.Reached == true)} reached, {rows.Count(row => row.Reached == false)} missed, {rows.Count(IsLoss)} lost").ToString();

        void Line(string[] cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : Math.Abs(value) >= 10 ? "0.#" : Math.Abs(value) >= 0.1 || value == 0 ? "0.##" : "0.####", CultureInfo.InvariantCulture);

    private bool IsLoss(Row row)
    {
        var before = history.Figures(row).TakeLast(Runs).ToList();
        if (before.Count == 0 || row.AtLeast is not { } atLeast) return false;
        double Worse(double than) => atLeast ? than - row.Figure : row.Figure - than;
        var middle = Median.Of(before);
        return before.All(figure => Worse(figure) > 0) && Worse(middle) > Math.Max(Spread * Math.Abs(middle), row.Grain);
    }
}
