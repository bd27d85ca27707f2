using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Gathers what is wrong with a list: a generous number of faults, then how many more there are.</summary>
internal sealed class ListFaults
{
    private const int Most = 100;

    private readonly ImmutableArray<ListFault>.Builder _faults = ImmutableArray.CreateBuilder<ListFault>();

    private int _more;

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool IsEmpty => _faults.Count == 0;

    /// <summary>Whether further faults are only counted, so that their messages need not be made.</summary>
    public bool IsFull => _faults.Count == Most;

    /// <summary>Adds one.</summary>
    public void Add(string message, int start, int length) => Add(new(message, start, length));

    /// <summary>Adds one beside which all rows could be read.</summary>
    public void AddAside(string message, int start, int length) => Add(new(message, start, length) { IsAside = true });

    /// <summary>All of them in the order of the text.</summary>
    public ImmutableArray<ListFault> ToImmutable()
    {
        var sorted = _faults.OrderBy(fault => fault.Start).ToList();
        if (_more > 0) sorted.Add(new($"{_more} more faults like these are not shown.", sorted[Most - 1].Start, sorted[Most - 1].Length));
        return [.. sorted];
    }

    private void Add(ListFault fault)
    {
        if (IsFull) _more++;
        else _faults.Add(fault);
    }
}
