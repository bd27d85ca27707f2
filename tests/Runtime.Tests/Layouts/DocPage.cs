using System.Globalization;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>A page of the documentation, read for what tests hold it to.</summary>
internal static class DocPage
{
    public static string[] Lines(string name) => File.ReadAllLines(Fixtures.Path("..", "..", "docs", name));

    /// <summary>The rows of the first table below a heading, without its head.</summary>
    public static string[] Table(string[] page, string heading) =>
        [.. page.SkipWhile(line => line != heading).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)];

    /// <summary>Compares a table with what the declarations say, and shows the table as it should be.</summary>
    public static void HoldsTable(string name, string heading, IEnumerable<string> rows)
    {
        var expected = rows.ToArray();
        Assert.True(
            expected.SequenceEqual(Table(Lines(name), heading)),
            $"The table below \"{heading}\" of docs/{name} must be{Environment.NewLine}{string.Join(Environment.NewLine, expected)}");
    }

    public static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    public static string Code(string text) => $"`{text}`";

    /// <summary>Several things in one cell.</summary>
    public static string Stack(IEnumerable<string> items) => string.Join("<br>", items);

    public static string Source(LayoutSource source) =>
        $"{Code(source.Name)} : {(source.Pattern.Length == 0 ? "a scalar" : Code(source.Pattern))}{(source.Part is null ? "" : $", part {Code(source.Part)}")}{(source.Repeat is null ? "" : $", repeat {Code(source.Repeat)}")}";

    public static string Constant(LayoutConstant constant) => string.Create(CultureInfo.InvariantCulture, $"constant {Code(constant.Part)} = {constant.Value}");
}
