using System.Collections.Immutable;

namespace Lanyard.Testing.Checks;

/// <summary>Which parameters tensors may change: those that they fill, and those that post-load methods make of these.</summary>
internal sealed class ParameterOwners
{
    private readonly ILookup<string, BoundParameter> _filled;
    private readonly Dictionary<BoundParameter, string> _names;
    private readonly ImmutableArray<string> _prefixes;
    private readonly ILookup<string, string> _aliases;

    public ParameterOwners(IParameterModule model)
    {
        _names = model.AllParameters().ToDictionary(item => item.Parameter, item => item.Name);
        _filled = Formats.Of(model).SelectMany(format => model.ExpectedTensors(format)).ToLookup(tensor => tensor.Name, tensor => tensor.Parameter);
        var maps = _names.Keys.Select(parameter => parameter.Owner.Map).Append(model.Parameters.Map).Distinct().ToList();
        _prefixes = ["", .. maps.SelectMany(map => map.Prefixes).Select(prefix => prefix.Prefix).Distinct()];
        _aliases = maps.SelectMany(map => map.Aliases).ToLookup(alias => alias.Alias, alias => alias.Name);
    }

    /// <summary>The parameters that a tensor fills; none where its name is that of a convention.</summary>
    public IEnumerable<BoundParameter> FilledBy(string tensor) => Usual(tensor).SelectMany(name => _filled[name]);

    /// <summary>The full names of the parameters that may change when some tensors come.</summary>
    public HashSet<string>? ChangedBy(IReadOnlyCollection<string> tensors)
    {
        var changed = new HashSet<BoundParameter>();
        foreach (var tensor in tensors)
        {
            var filled = FilledBy(tensor).ToList();

            // By another name, nothing tells what is filled: then nothing is compared but addresses.
            if (filled.Count == 0) return [.. _names.Values];
            changed.UnionWith(filled);
        }
        while (changed.SelectMany(Made).ToList() is var made && made.Exists(parameter => !changed.Contains(parameter))) changed.UnionWith(made);
        return [.. changed.Where(_names.ContainsKey).Select(parameter => _names[parameter])];
    }

    private static IEnumerable<BoundParameter> Made(BoundParameter parameter) =>
        from method in parameter.Owner.Map.PostLoads
        where method.Reads.Contains(parameter.Entry.Index)
        from written in method.Writes
        select parameter.Owner[written];

    /// <summary>The usual names that a tensor may have: without what may stand before all names, and those that it is tied to.</summary>
    public IEnumerable<string> Usual(string tensor)
    {
        foreach (var prefix in _prefixes.Where(prefix => tensor.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var name = tensor[prefix.Length..];
            yield return name;
            foreach (var alias in _aliases.Where(alias => name.EndsWith(alias.Key, StringComparison.Ordinal)).SelectMany(alias => alias.Select(other => name[..^alias.Key.Length] + other))) yield return alias;
        }
    }
}
