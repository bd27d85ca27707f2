using System.IO.Enumeration;

namespace Lanyard.Testing.Checks;

/// <summary>Names as an author spells them, where <c>*</c> stands for any text, and which of them were needed.</summary>
internal sealed class NamePatterns(IReadOnlyCollection<string> patterns)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Those that nothing matched so far.</summary>
    public IEnumerable<string> Unused => patterns.Where(pattern => !_used.Contains(pattern));

    /// <summary>Whether any of them matches a name.</summary>
    public bool Match(string name)
    {
        var matching = patterns.Where(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)).ToList();
        _used.UnionWith(matching);
        return matching.Count > 0;
    }
}
