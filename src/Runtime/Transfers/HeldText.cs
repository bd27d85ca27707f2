using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Lanyard.Layouts;

namespace Lanyard.Transfers;

/// <summary>What a rank holds of the axes of a parameter, as a text to be compared.</summary>
internal static class HeldText
{
    private const int Longest = 120;

    /// <summary>The axes of a pattern, each with its size and the indices that are held; of many, a digest.</summary>
    /// <param name="pattern">The layout of the parameter.</param>
    /// <param name="axes">The axes of its module.</param>
    public static string Of(Pattern pattern, ImmutableArray<Axis> axes)
    {
        var names = Nodes.AxesOf(pattern.Items).Select(axis => axis.Name).ToHashSet(StringComparer.Ordinal);
        var text = string.Join("; ", axes.Where(axis => names.Contains(axis.Name)).Select(axis => string.Create(CultureInfo.InvariantCulture, $"{axis.Name} {axis.Held} of {axis.Size}")));
        return text.Length <= Longest ? text : $"{text[..(Longest / 2)]}... {XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text)):x16}";
    }
}
