using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>What axes of a child are in the class around it: <c>hidden = head_dim, in = (heads head_dim), out = ?</c>.</summary>
public static class AxisTies
{
    /// <summary>Stands for a size of the child's own.</summary>
    public const string Own = "?";

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text; null for none.</param>
    /// <param name="ties">Each axis with the item that it is, or null for a size of its own.</param>
    /// <returns>What of the text cannot be read; null where all can.</returns>
    public static string? Read(string? text, out ImmutableDictionary<string, ItemNode?> ties)
    {
        var read = ImmutableDictionary.CreateBuilder<string, ItemNode?>(StringComparer.Ordinal);
        var wrong = (string?)null;
        foreach (var tie in Split(text ?? ""))
        {
            var sides = tie.Split('=');
            var name = sides[0].Trim();
            if (sides.Length != 2 || name.Length == 0) wrong ??= tie.Trim();
            else if (sides[1].Trim() == Own) read[name] = null;
            else if (Pattern.TryParse(sides[1].Trim(), out var pattern, out _) && pattern.Items.Length == 1) read[name] = pattern.Items[0];
            else wrong ??= tie.Trim();
        }
        ties = read.ToImmutable();
        return wrong;
    }

    // Blocks and pads have commas of their own.
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != ',' || depth != 0) continue;
            yield return text.Substring(start, i - start);
            start = i + 1;
        }
        if (text.Substring(start).Trim().Length > 0) yield return text.Substring(start);
    }
}
