using System.Globalization;
using System.Text.RegularExpressions;
using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>The places of all modules for which one stands.</summary>
internal static partial class ModelPlaces
{
    /// <summary>What stands before the names of each.</summary>
    public static IEnumerable<string> Of(ModulePrefix prefix)
    {
        List<string> texts = [""];
        var (at, slot) = (0, 0);
        foreach (Match digits in Digits().Matches(prefix.Text))
        {
            var between = prefix.Text[at..digits.Index];
            var numbers = prefix.Groups.FirstOrDefault(group => group.Slot == slot).Numbers;
            texts = [.. texts.SelectMany(text => numbers is null ? [text + between + digits.Value] : numbers.Numbers.Select(number => text + between + number.ToString(CultureInfo.InvariantCulture)))];
            at = digits.Index + digits.Length;
            slot++;
        }
        return texts.Select(text => text + prefix.Text[at..]);
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
