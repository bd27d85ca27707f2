using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Lanyard.Generator.Spelling;

/// <summary>Spells values as C#.</summary>
internal static class Literals
{
    public static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    public static string Texts(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Text))}]";

    public static string Numbers(IEnumerable<int> values) => $"[{string.Join(", ", values)}]";

    public static string Number(double value) => value switch
    {
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    public static string Flag(bool value) => value ? "true" : "false";
}
