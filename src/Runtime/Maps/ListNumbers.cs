using System.ComponentModel;

namespace Lanyard;

/// <summary>The numbers under which checkpoints have the items of a list; made by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ListNumbers
{
    private readonly IReadOnlyList<int>? _numbers;
    private readonly int _first;

    private ListNumbers(IReadOnlyList<int>? numbers, int first, int? total) => (_numbers, _first, Total) = (numbers, first, total);

    /// <summary>How many items all processes have together, numbered from zero; null where it is not declared.</summary>
    public int? Total { get; }

    /// <summary>Numbers one after another.</summary>
    /// <param name="first">The number of the first item.</param>
    /// <param name="total">How many items all processes have together, or null.</param>
    public static ListNumbers From(int first, int? total = null) => new(null, first, total);

    /// <summary>Any numbers.</summary>
    /// <param name="numbers">The number of each item; null where there is no list.</param>
    /// <param name="total">How many items all processes have together, or null.</param>
    public static ListNumbers Of(IReadOnlyList<int>? numbers, int? total = null) => new(numbers ?? [], 0, total);

    /// <summary>The number of an item.</summary>
    /// <param name="position">Its position in the list.</param>
    /// <exception cref="InvalidOperationException">There is no number for it, or one that no item can have.</exception>
    internal int this[int position]
    {
        get
        {
            var number = _numbers is null ? _first + position : position < _numbers.Count ? _numbers[position] : throw new InvalidOperationException($"A list has an item {position}, but numbers for {_numbers.Count} items.");
            return number >= 0 && (Total is not { } total || number < total) ? number : throw new InvalidOperationException($"An item of a list has the number {number}{(Total is null ? "" : $" of {Total}")}: numbers count from zero{(Total is null ? "" : " and are less than the total")}.");
        }
    }

    /// <summary>Checks that there are no more numbers than items.</summary>
    /// <param name="items">The number of items.</param>
    /// <exception cref="InvalidOperationException">There are.</exception>
    internal void Check(int items)
    {
        if (_numbers is not null && _numbers.Count != items) throw new InvalidOperationException($"A list has {items} items, but numbers for {_numbers.Count}.");
    }
}
