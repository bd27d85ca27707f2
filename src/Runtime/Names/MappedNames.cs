using System.Collections.Concurrent;

namespace Lanyard.Names;

/// <summary>Renames what comes as a <see cref="NameMapping"/> says, and remembers what of it was used. Thread-safe.</summary>
internal sealed class MappedNames
{
    private readonly NameMapping _mapping;
    private readonly ConcurrentDictionary<string, string?> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<object, bool> _used = [];

    /// <exception cref="ArgumentException">The mapping is not well declared.</exception>
    public MappedNames(NameMapping mapping) => _mapping = mapping.Fault() is { } fault ? throw new ArgumentException(fault, nameof(mapping)) : mapping;

    /// <summary>The ignores and renames that no name needed, though they must match something.</summary>
    public IEnumerable<(string Pattern, bool IsIgnore)> Unused =>
        _mapping.Ignore.Distinct().Where(pattern => !_used.ContainsKey(pattern)).Select(pattern => (pattern, true))
            .Concat(_mapping.Renames.Where(rename => !rename.Optional && !_used.ContainsKey(rename)).Select(rename => (rename.From, rename.To is null)));

    /// <summary>The name that a tensor is looked up by; null where it is left alone.</summary>
    public string? Of(string name) => _known.GetOrAdd(name, Map);

    /// <summary>The name that is looked up as a given one, for an export.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public string Back(string name)
    {
        foreach (var from in _mapping.Renames.Where(rename => rename.To is not null).Select(rename => Glob.Replace(rename.To!, rename.From, name)).OfType<string>().Append(name))
        {
            if (Map(from) == name) return from;
        }
        throw new ArgumentException($"The renames leave no name for {name}: what they would call it is renamed to something else, or left alone.");
    }

    private string? Map(string came)
    {
        if ((_mapping.Code is { } code ? code(came) : came) is not { } name) return null;
        foreach (var pattern in _mapping.Ignore)
        {
            if (!Glob.Matches(pattern, name)) continue;
            _used.TryAdd(pattern, true);
            return null;
        }
        foreach (var rename in _mapping.Renames)
        {
            var renamed = rename.To is null ? null : Glob.Replace(rename.From, rename.To, name);
            if (renamed is null && (rename.To is not null || !Glob.Matches(rename.From, name))) continue;
            _used.TryAdd(rename, true);
            return renamed;
        }
        return name;
    }
}
