using Lanyard.Names;

namespace Lanyard.Index;

/// <summary>The patterns of a model that leave tensors alone, each below the modules whose class declares it.</summary>
internal sealed class IgnoredNames
{
    private readonly Dictionary<string, List<IgnoredPattern>> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<(ModuleMap, int, string), IgnoredPattern> _patterns = [];

    /// <summary>Those that must match something below one module or another.</summary>
    public IEnumerable<IgnoredPattern> Required => _patterns.Values.Where(pattern => !pattern.IsOptional);

    /// <summary>Adds those of a module.</summary>
    /// <param name="set">The module.</param>
    /// <param name="usual">What usually stands before its names.</param>
    /// <param name="prefixes">All that may stand there.</param>
    public void Add(ParameterSet set, string usual, IEnumerable<string> prefixes)
    {
        for (var i = 0; i < set.Map.Ignores.Length; i++)
        {
            foreach (var text in set.Leaves(i))
            {
                if (!_patterns.TryGetValue((set.Map, i, text), out var pattern)) _patterns.Add((set.Map, i, text), pattern = new IgnoredPattern(text, set.Map.Ignores[i].Optional));
                pattern.Places.Add(usual + text);
                foreach (var prefix in prefixes.Distinct())
                {
                    if (!_places.TryGetValue(prefix, out var list)) _places.Add(prefix, list = new(1));
                    if (!list.Contains(pattern)) list.Add(pattern);
                }
            }
        }
    }

    /// <summary>Those that a name matches.</summary>
    public IEnumerable<IgnoredPattern> Matching(string name)
    {
        if (_places.Count == 0) yield break;
        for (var end = 0; ; end = name.IndexOf('.', end) + 1)
        {
            if (_places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, end), out var patterns))
            {
                foreach (var pattern in patterns)
                {
                    if (Glob.Matches(pattern.Text, name.AsSpan(end))) yield return pattern;
                }
            }
            if (name.IndexOf('.', end) < 0) yield break;
        }
    }
}
