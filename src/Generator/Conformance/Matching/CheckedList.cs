using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>A list with the second names that classes declare.</summary>
/// <param name="list">The list.</param>
internal sealed class CheckedList(TensorList list)
{
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);

    /// <summary>The list.</summary>
    public TensorList List { get; } = list;

    /// <summary>The second names, each with the one that it stands for.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _aliases;

    /// <summary>Adds a second name.</summary>
    public void Add(string alias, string name) => _aliases[alias] = name;

    /// <summary>Finds names, and where there is none of one name, the other name of the tensor.</summary>
    public ImmutableArray<FoundTensor> Find(NameQuery query)
    {
        var found = List.Find(query);
        if (!found.IsEmpty || query.Holes > 0) return found;
        foreach (var alias in _aliases)
        {
            if (alias.Value == query.Texts[0] && List.Find(new NameQuery(alias.Key)) is { IsEmpty: false } other) return other;
        }
        return found;
    }
}
