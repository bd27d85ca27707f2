using System.Globalization;

namespace Lanyard.Index;

/// <summary>The items of lists of one name, of which other processes have more.</summary>
/// <param name="path">What stands before the numbers.</param>
/// <param name="here">What stands before the names of every module of the model.</param>
internal sealed class ListPlace(string path, HashSet<string> here)
{
    private readonly SortedSet<int> _held = [];
    private int _total;

    /// <summary>What stands before the numbers.</summary>
    public string Path { get; } = path;

    /// <summary>The numbers of the items that are here.</summary>
    public IReadOnlyCollection<int> Held => _held;

    /// <summary>The numbers of those that other processes have.</summary>
    public IEnumerable<int> Elsewhere => Enumerable.Range(0, _total).Where(IsElsewhere);

    /// <summary>Adds the items of a list; two lists may share the numbers.</summary>
    public void Add(ListEntry list)
    {
        _held.UnionWith(list.Held);
        _total = Math.Max(_total, list.Total);
    }

    /// <summary>Whether another process has the item of a number.</summary>
    public bool IsElsewhere(int number) => number < _total && !here.Contains(Item(number));

    /// <summary>What stands before the names of an item.</summary>
    public string Item(int number) => string.Create(CultureInfo.InvariantCulture, $"{Path}{number}.");
}
