using System.Collections.Immutable;
using System.Globalization;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>A set of whole numbers, none negative, kept as runs: layers 0 to 47 and 50 are two.</summary>
public sealed class NumberSet : IEquatable<NumberSet>
{
    // Four singles in equal steps are shorter as a range with a step.
    private const int FewestSteps = 4;

    // Sorted; neither empty nor adjacent, so that equal sets have equal runs.
    private readonly ImmutableArray<(int First, int Last)> _runs;

    private NumberSet(ImmutableArray<(int First, int Last)> runs)
    {
        _runs = runs;
        foreach (var (first, last) in runs) Count += (long)last - first + 1;
    }

    /// <summary>The set of no number.</summary>
    public static NumberSet Empty { get; } = new([]);

    /// <summary>How many numbers there are.</summary>
    public long Count { get; }

    /// <summary>Whether there is no number.</summary>
    public bool IsEmpty => _runs.IsEmpty;

    /// <summary>The least number; there has to be one.</summary>
    public int First => _runs[0].First;

    /// <summary>The greatest number; there has to be one.</summary>
    public int Last => _runs[_runs.Length - 1].Last;

    /// <summary>Whether the numbers are 0 to n-1 for some n.</summary>
    public bool IsCounted => IsEmpty || (_runs.Length == 1 && First == 0);

    /// <summary>The numbers in order.</summary>
    public IEnumerable<int> Numbers
    {
        get
        {
            foreach (var (first, last) in _runs)
                for (long number = first; number <= last; number++) yield return (int)number;
        }
    }

    /// <summary>The set of one number.</summary>
    public static NumberSet Of(int number) => new([(number, number)]);

    /// <summary>The set of all numbers from one to another.</summary>
    public static NumberSet Range(int first, int last) => last < first ? Empty : new([(first, last)]);

    /// <summary>The set of some numbers, which may repeat.</summary>
    public static NumberSet From(IEnumerable<int> numbers)
    {
        int[] sorted = [.. numbers];
        Array.Sort(sorted);
        return FromSorted(sorted);
    }

    /// <summary>Whether the set has a number.</summary>
    public bool Contains(int number)
    {
        var (low, high) = (0, _runs.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < _runs[middle].First) high = middle - 1;
            else if (number > _runs[middle].Last) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// <summary>The numbers that both sets have.</summary>
    public NumberSet Intersect(NumberSet other)
    {
        if (ReferenceEquals(this, other)) return this;
        var runs = ImmutableArray.CreateBuilder<(int, int)>();
        for (int i = 0, j = 0; i < _runs.Length && j < other._runs.Length;)
        {
            var (first, last) = (Math.Max(_runs[i].First, other._runs[j].First), Math.Min(_runs[i].Last, other._runs[j].Last));
            if (first <= last) runs.Add((first, last));
            if (_runs[i].Last < other._runs[j].Last) i++;
            else j++;
        }
        return Of(runs);
    }

    /// <summary>Whether both sets have some number.</summary>
    public bool Overlaps(NumberSet other)
    {
        for (int i = 0, j = 0; i < _runs.Length && j < other._runs.Length;)
        {
            if (_runs[i].Last < other._runs[j].First) i++;
            else if (other._runs[j].Last < _runs[i].First) j++;
            else return true;
        }
        return false;
    }

    /// <summary>The numbers that the other set lacks.</summary>
    public NumberSet Except(NumberSet other)
    {
        var runs = ImmutableArray.CreateBuilder<(int, int)>();
        var j = 0;
        foreach (var (first, last) in _runs)
        {
            long from = first;
            while (j < other._runs.Length && other._runs[j].Last < first) j++;
            for (; j < other._runs.Length && other._runs[j].First <= last; j++)
            {
                if (from < other._runs[j].First) runs.Add(((int)from, other._runs[j].First - 1));
                from = (long)other._runs[j].Last + 1;
                // The next run of ours may begin within it.
                if (from > last) break;
            }
            if (from <= last) runs.Add(((int)from, last));
        }
        return Of(runs);
    }

    /// <summary>The numbers that either set has.</summary>
    public NumberSet Union(NumberSet other)
    {
        var runs = ImmutableArray.CreateBuilder<(int First, int Last)>();
        for (int i = 0, j = 0; i < _runs.Length || j < other._runs.Length;)
        {
            var ours = j == other._runs.Length || (i < _runs.Length && _runs[i].First <= other._runs[j].First);
            Append(runs, ours ? _runs[i++] : other._runs[j++]);
        }
        return Of(runs);
    }

    /// <summary>The numbers as a range is written in a folded list: <c>0..47,50</c>, <c>1..9..2</c>.</summary>
    public override string ToString()
    {
        var items = new List<string>();
        for (var i = 0; i < _runs.Length;)
        {
            var steps = Steps(i);
            var (first, last) = _runs[i];
            if (steps >= FewestSteps)
            {
                items.Add($"{Text(first)}..{Text(_runs[i + steps - 1].First)}..{Text(_runs[i + 1].First - first)}");
                i += steps;
            }
            else
            {
                items.Add(first == last ? Text(first) : last == first + 1 ? $"{Text(first)},{Text(last)}" : $"{Text(first)}..{Text(last)}");
                i++;
            }
        }
        return string.Join(",", items);
    }

    /// <inheritdoc/>
    public bool Equals(NumberSet? other) =>
        ReferenceEquals(this, other) || (other is not null && Count == other.Count && _runs.Length == other._runs.Length && _runs.SequenceEqual(other._runs));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NumberSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = _runs.Length;
        foreach (var (first, last) in _runs) hash = unchecked((((hash * 31) + first) * 31) + last);
        return hash;
    }

    /// <summary>The set of numbers in order, which may repeat.</summary>
    internal static NumberSet FromSorted(IEnumerable<int> numbers)
    {
        var runs = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (var number in numbers) Append(runs, (number, number));
        return Of(runs);
    }

    private static NumberSet Of(ImmutableArray<(int, int)>.Builder runs) => runs.Count == 0 ? Empty : new(runs.ToImmutable());

    private static void Append(ImmutableArray<(int First, int Last)>.Builder runs, (int First, int Last) run)
    {
        if (runs.Count > 0 && run.First - 1L <= runs[runs.Count - 1].Last)
            runs[runs.Count - 1] = (runs[runs.Count - 1].First, Math.Max(runs[runs.Count - 1].Last, run.Last));
        else
            runs.Add(run);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // How many single numbers from a run on are in equal steps.
    private int Steps(int from)
    {
        var end = from;
        while (end < _runs.Length
            && _runs[end].First == _runs[end].Last
            && (end < from + 2 || _runs[end].First - _runs[end - 1].First == _runs[from + 1].First - _runs[from].First)) end++;
        return end - from;
    }
}
