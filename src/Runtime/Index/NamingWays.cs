using System.Collections.Immutable;
using System.Numerics;

namespace Lanyard.Index;

/// <summary>
/// The ways in which checkpoints may name the tensors of a model: one for each convention that a class of it states, and one for what is
/// stated without; each with and without the optional prefixes of classes below the root. That of the root itself stands before all, so that
/// it costs no names. A set of ways is a number with a bit for each; those with the root's prefix follow those without.
/// </summary>
internal sealed class NamingWays
{
    private const int Most = 32;

    private readonly string _prefix;
    private readonly ulong _prefixed;

    /// <param name="root">The map of the root.</param>
    /// <param name="below">Those of the modules below it.</param>
    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public NamingWays(ModuleMap root, IEnumerable<ModuleMap> below)
    {
        List<ModuleMap> maps = [.. below.Distinct<ModuleMap>(ReferenceEqualityComparer.Instance)];
        var conventions = maps.Prepend(root).SelectMany(map => map.Prefixes.Select(entry => entry.Convention).Concat(map.ChildNames.Select(name => name.Convention))).Where(name => name.Length > 0).Distinct();
        List<NamingWay> ways = [.. conventions.Select(name => new NamingWay(name, [])).Prepend(NamingWay.Usual)];
        foreach (var map in maps.Where(map => map.OptionalPrefix.Length > 0))
        {
            ways.AddRange(ways.ConvertAll(way => way with { Prefixed = way.Prefixed.Add(map) }));
            if (ways.Count > Most) break;
        }
        if (ways.Count > Most) throw new InvalidOperationException($"{root.Type} has more than {Most} ways of naming its tensors: each optional [CheckpointPrefix] of a class below it doubles them. Give the prefixes a Convention.");
        (All, _prefix) = ([.. ways], root.OptionalPrefix);
        if (_prefix.Length > 0) _prefixed = ways.Index().Where(way => root.PrefixIn(way.Item.Convention) is var own && (way.Item.Convention.Length == 0 || own.Length == 0)).Aggregate(0UL, (set, way) => set | (1UL << way.Index));
    }

    /// <summary>The ways, but for the root's optional prefix; the usual one first.</summary>
    public ImmutableArray<NamingWay> All { get; }

    /// <summary>Whether there is more than one.</summary>
    public bool AreSeveral => All.Length > 1;

    /// <summary>The set of all.</summary>
    public ulong Every => WithPrefix(Bare) | Bare;

    /// <summary>The set of those without the root's optional prefix.</summary>
    public ulong Bare => ulong.MaxValue >> (64 - All.Length);

    /// <summary>The same ways with the root's optional prefix.</summary>
    public ulong WithPrefix(ulong ways) => (ways & _prefixed) << All.Length;

    /// <summary>The set of those of a convention; null where no class states it.</summary>
    public ulong? Of(string convention)
    {
        var ways = All.Index().Where(way => way.Item.Convention == convention).Aggregate(0UL, (set, way) => set | (1UL << way.Index));
        return ways == 0 ? null : ways | WithPrefix(ways);
    }

    /// <summary>The way in which an export names tensors.</summary>
    /// <param name="convention">The convention; null for the names that are stated without.</param>
    /// <param name="prefixed">Whether optional prefixes are written.</param>
    /// <exception cref="ArgumentException">No class states the convention; those that there are are named.</exception>
    public int Written(string? convention, bool prefixed)
    {
        var ways = All.Index().Where(way => way.Item.Convention == (convention ?? "")).ToList();
        if (ways.Count > 0) return prefixed ? ways[^1].Index : ways[0].Index;
        var known = All.Select(way => way.Convention).Distinct().Where(name => name.Length > 0).Select(name => $"\"{name}\"").ToList();
        throw new ArgumentException($"No class of the model names anything in a convention \"{convention}\". {(known.Count == 0 ? "There are no conventions" : $"There are {string.Join(", ", known)}")}.");
    }

    /// <summary>The name of a tensor in the first way of a set.</summary>
    public string Name(ModelTensor tensor, ulong ways)
    {
        var first = BitOperations.TrailingZeroCount(ways);
        return first < All.Length ? tensor.NameIn(first) : _prefix + tensor.NameIn(first - All.Length);
    }

    /// <summary>The name of a tensor in a way of <see cref="All"/>.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="way">The way.</param>
    /// <param name="prefixed">Whether the root's optional prefix is written, where the way has room for it.</param>
    public string Written(ModelTensor tensor, int way, bool prefixed) => Written(tensor.NameIn(way), way, prefixed);

    /// <inheritdoc cref="Written(ModelTensor, int, bool)"/>
    /// <summary>A name in a way with what is written before it.</summary>
    public string Written(string name, int way, bool prefixed) => prefixed && (_prefixed >> way & 1) != 0 ? _prefix + name : name;

    /// <summary>What the ways of a set are, for messages.</summary>
    public string Text(ulong ways) => string.Join(" or ", Texts(ways).Distinct());

    private IEnumerable<string> Texts(ulong ways)
    {
        for (var bit = 0; bit < 64; bit++)
        {
            if ((ways >> bit & 1) == 0) continue;
            var way = All[bit % All.Length];
            var prefixes = way.Prefixed.Select(map => map.OptionalPrefix).Concat(bit < All.Length ? [] : [_prefix]).Distinct().Select(prefix => $"\"{prefix}\"").ToList();
            var name = way.Convention.Length > 0 ? $"the convention \"{way.Convention}\"" : "the usual names";
            yield return prefixes.Count > 0 ? $"{name} with {string.Join(" and ", prefixes)}" : name;
        }
    }
}
