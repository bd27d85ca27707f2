using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>What is wrong with how an axis is divided, alone or with others that it names.</summary>
internal static class AxisTies
{
    private static readonly string[] Divided = ["Replicate", "PadTo", "Unit", "Padded", "PadWithin"];

    /// <param name="member">The member that declares the axis.</param>
    /// <param name="axis">Its attribute.</param>
    /// <param name="axes">All axes of the class.</param>
    /// <param name="cancel">Stops the search.</param>
    public static IEnumerable<(Location Location, string Reason)> Wrong(ISymbol member, AttributeData axis, IReadOnlyDictionary<string, AttributeData> axes, CancellationToken cancel)
    {
        var shard = axis.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Enum, Value: int value } ? value : 0;
        var follows = axis.Named("Follows") is not null;
        var ways = Divided.Where(name => IsGiven(axis, name)).ToList();
        if (axis.Named("PadTo") is int and < 1) yield return (At("PadTo"), "is rounded up to a multiple of nothing; give a multiple of at least 1");
        if (axis.Named("Unit") is int and < 1) yield return (At("Unit"), "is divided in units of nothing; give a unit of at least 1");
        if (follows && shard != 0) yield return (At("Follows"), "is divided by itself, and cannot follow another axis; remove one of the two");
        if (axis.Named("Whole") is true && (follows || shard != 0)) yield return (At("Whole"), $"is {(follows ? "divided with the axis that it follows" : "divided over ranks")}, and cannot be whole on each of them; remove one of the two");
        foreach (var way in ways.Where(way => shard != 1 && !(follows && way == "Unit")))
            yield return (At(way), Undivided(way));
        // Unit and Padded are one way: dealt out in units.
        if (shard == 1 && ways.Count > 1 && ways is not ["Unit", "Padded"])
            yield return (At(ways[1]), $"is divided in two ways, by \"{ways[0]}\" and by \"{ways[1]}\"; keep one");
        foreach (var name in new[] { "Follows", "PadWithin" })
        {
            if (axis.Named(name) is string text && WrongNames(SnakeCase.Of(member.Name), AxisParser.Axes(text), axes, name == "Follows") is { } wrong) yield return (At(name), wrong);
        }

        Location At(string argument) => Locate.Named(axis, argument, member, cancel);
    }

    private static bool IsGiven(AttributeData axis, string name) => axis.Named(name) switch
    {
        bool flag => flag,
        int number => number > (name == "PadTo" ? 1 : 0),
        var other => other is not null,
    };

    private static string Undivided(string way) => way switch
    {
        "Replicate" => "is not divided over tensor-parallel ranks, and only such an axis can be replicated; add Shard.Tensor, or remove \"Replicate\"",
        "PadTo" => "is not divided over tensor-parallel ranks, before which it would be rounded up; add Shard.Tensor, or write pad(...) in the pattern",
        "Unit" => "is neither divided over tensor-parallel ranks nor follows another axis, so it has no units; add Shard.Tensor or \"Follows\", or remove \"Unit\"",
        _ => $"is not divided over tensor-parallel ranks, and has nothing to pad; add Shard.Tensor, or remove \"{way}\"",
    };

    private static string? WrongNames(string name, string text, IReadOnlyDictionary<string, AttributeData> axes, bool follows)
    {
        if (!Pattern.TryParse(text, out var pattern, out var error)) return $"names \"{text}\", which cannot be read: {error}";
        var named = Nodes.AxesOf(pattern.Items).Select(static axis => axis.Name).ToList();
        if (named.Count == 0 || Nodes.HasOtherThanAxes(pattern.Items) || (!follows && named.Count > 1))
            return $"names \"{text}\", {(follows ? "and can follow axes alone; name one, or those of one dimension" : "which is not one axis; name one")}";
        if (named.Find(other => !axes.ContainsKey(other)) is { } unknown) return $"names \"{unknown}\", which no member of the class declares; put [Axis] on one of that name";
        return !follows ? named[0] == name ? "is padded within itself; name the axis that its indices read" : null
            : named.Exists(leader => LeadsTo(leader, name, axes, [])) ? "follows itself, so that nothing says what a rank holds; name an axis that is divided by itself" : null;
    }

    private static bool LeadsTo(string axis, string target, IReadOnlyDictionary<string, AttributeData> axes, HashSet<string> seen) =>
        axis == target
        || (seen.Add(axis) && axes.TryGetValue(axis, out var attribute) && attribute.Named("Follows") is string text && Pattern.TryParse(AxisParser.Axes(text), out var pattern, out _)
            && Nodes.AxesOf(pattern.Items).Any(leader => LeadsTo(leader.Name, target, axes, seen)));
}
