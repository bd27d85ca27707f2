using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Lanyard.Layouts;

namespace Lanyard.Transfers;

/// <summary>What a rank holds of the axes of a parameter, and by which map checkpoints fill it, as a text to be compared.</summary>
internal static class HeldText
{
    private const int Longest = 120;

    /// <summary>The axes of a pattern, each with its size and the indices that are held; of many, a digest. After them one of the map.</summary>
    /// <param name="pattern">The layout of the parameter.</param>
    /// <param name="axes">The axes of its module.</param>
    /// <param name="entry">What its class declares.</param>
    public static string Of(Pattern pattern, ImmutableArray<Axis> axes, ParameterEntry entry)
    {
        var names = Nodes.AxesOf(pattern.Items).Select(axis => axis.Name).ToHashSet(StringComparer.Ordinal);
        var text = string.Join("; ", axes.Where(axis => names.Contains(axis.Name)).Select(axis => string.Create(CultureInfo.InvariantCulture, $"{axis.Name} {axis.Held} of {axis.Size}")));
        if (text.Length > Longest) text = $"{text[..(Longest / 2)]}... {Digest(text)}";
        return $"{text}{(text.Length == 0 ? "" : "; ")}map {Digest(Map(axes.Where(axis => names.Contains(axis.Name)), entry))}";
    }

    // Two classes may store alike what checkpoints call otherwise: gate before up, and up before gate.
    private static string Map(IEnumerable<Axis> axes, ParameterEntry entry) => string.Join('\n',
    [
        .. entry.Sources.Select(source => string.Join('|', source.Name, source.Pattern, source.Part, source.Format, source.Repeat, source.Joined, source.Encoding?.Name, source.Scale)),
        .. entry.Constants.Select(constant => string.Create(CultureInfo.InvariantCulture, $"{constant.Part}|{constant.Value}|{constant.Format}")),
        .. axes.Where(axis => !axis.Labels.IsDefaultOrEmpty).Select(axis => $"{axis.Name}: {string.Join('|', axis.Labels)}"),
    ]);

    private static string Digest(string text) => $"{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text)):x16}";
}
