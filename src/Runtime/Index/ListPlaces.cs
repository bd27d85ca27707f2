using System.Globalization;
using Lanyard.Names;

namespace Lanyard.Index;

/// <summary>The lists of a model of which other processes have more items, by what stands before their numbers.</summary>
internal sealed class ListPlaces
{
    private readonly Dictionary<string, ListPlace> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _here = new(StringComparer.Ordinal);

    /// <summary>Adds what stands before the names of a module: no other process has what is called so.</summary>
    public void AddModule(IEnumerable<string> prefixes) => _here.UnionWith(prefixes);

    /// <summary>Adds a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="paths">All that may stand before its numbers.</param>
    public void Add(ListEntry list, IEnumerable<string> paths)
    {
        foreach (var path in paths.Distinct())
        {
            if (!_places.TryGetValue(path, out var place)) _places.Add(path, place = new ListPlace(path, _here));
            place.Add(list);
        }
    }

    /// <summary>Whether a tensor is of an item that another process has: a name that is known is made of its own with numbers of items that are here.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isKnown">Whether the model knows a name.</param>
    public bool IsElsewhere(string name, Predicate<string> isKnown)
    {
        if (_places.Count == 0) return false;
        for (var end = 0; ; end = name.IndexOf('.', end) + 1)
        {
            if (_places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, end), out var place)
                && name.IndexOf('.', end) is > 0 and var dot && DottedName.Number(name.AsSpan(end, dot - end)) is { } number && place.IsElsewhere(number))
            {
                // Where nothing is held here, those who hold something know what it is called.
                if (place.Held.Count == 0) return true;
                foreach (var held in place.Held)
                {
                    var like = string.Create(CultureInfo.InvariantCulture, $"{place.Path}{held}{name.AsSpan(dot)}");
                    if (isKnown(like) || IsElsewhere(like, isKnown)) return true;
                }
            }
            if (name.IndexOf('.', end) < 0) return false;
        }
    }

    /// <summary>The lists that stand at given paths.</summary>
    public IEnumerable<ListPlace> At(IEnumerable<string> paths) => paths.Select(path => _places[path]);
}
