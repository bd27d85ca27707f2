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
    /// <param name="map">By which map checkpoints fill it, as <see cref="MapOf"/> says: the same on all ranks.</param>
    public static string Of(Pattern pattern, ImmutableArray<Axis> axes, string map)
    {
        var text = string.Join("; ", Used(pattern, axes).Select(axis => string.Create(CultureInfo.InvariantCulture, $"{axis.Name} {axis.Held} of {axis.Size}")));
        if (text.Length > Longest) text = $"{text[..(Longest / 2)]}... {Digest(text)}";
        return $"{text}{(text.Length == 0 ? "" : "; ")}map {map}";
    }

    /// <summary>A digest of what a class says of the tensors of a parameter, and of the labels of its axes.</summary>
    // Two classes may store alike what checkpoints call otherwise: gate before up, and up before gate.
    public static string MapOf(Pattern pattern, ImmutableArray<Axis> axes, ParameterEntry entry) => Digest(string.Join('\n',
    [
        .. entry.Sources.Select(source => string.Join('|', source.Name, source.Pattern, source.Part, source.Format, source.Repeat, source.Joined, source.Encoding?.Name, source.Scale)),
        .. entry.Constants.Select(constant => string.Create(CultureInfo.InvariantCulture, $"{constant.Part}|{constant.Value}|{constant.Format}")),
        .. Used(pattern, axes).Where(axis => !axis.Labels.IsDefaultOrEmpty).Select(axis => $"{axis.Name}: {string.Join('|', axis.Labels)}"),
    ]));

    private static IEnumerable<Axis> Used(Pattern pattern, ImmutableArray<Axis> axes)
    {
        var names = Nodes.AxesOf(pattern.Items).Select(axis => axis.Name).ToHashSet(StringComparer.Ordinal);
        return axes.Where(axis => names.Contains(axis.Name));
    }

    private static string Digest(string text) => $"{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text)):x16}";
}
