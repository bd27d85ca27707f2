using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>How the axes of a class are divided over ranks.</summary>
internal sealed class DividedAxes
{
    private readonly Dictionary<string, (ISymbol Member, AttributeData Attribute)> _axes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Ranks> _ranks = new(StringComparer.Ordinal);

    public DividedAxes(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member.Attribute("AxisAttribute") is { } axis) _axes[SnakeCase.Of(member.Name)] = (member, axis);
        }
        foreach (var name in _axes.Keys) _ranks[name] = Of(name, []);
    }

    /// <summary>The ranks over which an axis may be divided.</summary>
    [Flags]
    public enum Ranks
    {
        None = 0,
        Tensor = 1,
        Expert = 2,
    }

    /// <summary>Whether no axis is divided.</summary>
    public bool AreWhole => _ranks.Values.All(static ranks => ranks == Ranks.None);

    /// <summary>Over which ranks an axis is divided: by itself, or with one that it follows.</summary>
    public Ranks this[string axis] => _ranks.TryGetValue(axis, out var ranks) ? ranks : Ranks.None;

    /// <summary>Whether the first tensor-parallel rank holds an axis, and the others zeros.</summary>
    public bool IsOfFirstRank(string axis) => _axes.TryGetValue(axis, out var found) && Shard(found.Attribute) == 3;

    /// <summary>Whether every rank holds an axis whole, as it is declared, or as one of a single index must be; or whether another rule says that nobody knows.</summary>
    public bool IsDeclaredWhole(string axis) =>
        _axes.TryGetValue(axis, out var found) && (found.Attribute.Named("Whole") is true || (found.Attribute.Named("Follows") is string follows && !IsKnown(follows)) || (found.Member is IFieldSymbol { HasConstantValue: true, ConstantValue: var size } && Convert.ToString(size, System.Globalization.CultureInfo.InvariantCulture) == "1"));

    /// <summary>Whether the indices of an axis have names.</summary>
    public bool IsLabelled(string axis) => _axes.TryGetValue(axis, out var found) && found.Attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, Values.IsEmpty: false };

    private bool IsKnown(string follows) => Pattern.TryParse(AxisParser.Axes(follows), out var leaders, out _) && Nodes.AxesOf(leaders.Items).All(leader => _axes.ContainsKey(leader.Name));

    private static int Shard(AttributeData axis) => axis.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Enum, Value: int shard } ? shard : 0;

    private Ranks Of(string name, HashSet<string> seen)
    {
        if (!seen.Add(name) || !_axes.TryGetValue(name, out var axis)) return Ranks.None;
        var own = Shard(axis.Attribute) switch
        {
            1 or 3 => Ranks.Tensor,
            2 => Ranks.Expert,
            _ => Ranks.None,
        };
        if (axis.Attribute.Named("Follows") is not string follows || !Pattern.TryParse(AxisParser.Axes(follows), out var leaders, out _)) return own;
        return Nodes.AxesOf(leaders.Items).Aggregate(own, (ranks, leader) => ranks | Of(leader.Name, seen));
    }
}
