using System.Globalization;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>How many ranks share a model: <c>tp8 ep16</c>.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tensor">The tensor-parallel ranks.</param>
/// <param name="Expert">The expert-parallel ranks.</param>
public sealed record RankCount(string Text, int Tensor, int Expert)
{
    /// <summary>Reads a text; null where it is none.</summary>
    public static RankCount? Read(string text)
    {
        var (tensor, expert) = (1, 1);
        var words = text.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            if (word.Length < 3 || !int.TryParse(word.Substring(2), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 100_000) return null;
            if (word.StartsWith("tp", StringComparison.Ordinal)) tensor = count;
            else if (word.StartsWith("ep", StringComparison.Ordinal)) expert = count;
            else return null;
        }
        return words.Length == 0 || words.Select(static word => word.Substring(0, 2)).Distinct().Count() != words.Length ? null : new RankCount(text, tensor, expert);
    }
}
