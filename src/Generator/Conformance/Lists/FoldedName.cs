using System.Collections.Immutable;
using System.Globalization;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Reads a name of a folded list, which has ranges in braces: <c>{0..47}</c>, <c>{0..46..2}</c>, <c>{3,5,7..9}</c>.</summary>
internal static class FoldedName
{
    // No model has a million layers or experts: such a range is an error, and its runs would fill the memory.
    private const int Limit = 1 << 20;

    /// <summary>Reads a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="fault">Is told what is wrong, where in the name, and how long that is.</param>
    /// <returns>Null where something is.</returns>
    public static NameTemplate? Read(string name, Action<string, int, int> fault)
    {
        var (texts, holes) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<NumberSet>());
        var at = 0;
        while (true)
        {
            var open = name.IndexOfAny(['{', '}'], at);
            if (open < 0) break;
            var close = name[open] == '{' ? name.IndexOf('}', open) : -1;
            if (close < 0)
            {
                fault(name[open] == '{' ? "The range has no '}'." : "A '}' has no '{' before it.", open, 1);
                return null;
            }
            if (Ranges(name, open + 1, close, fault) is not { } numbers) return null;
            if ((open > 0 && IsNumber(name[open - 1])) || (close + 1 < name.Length && (IsNumber(name[close + 1]) || name[close + 1] == '{')))
            {
                fault("A range has neither a digit nor another range directly beside it: nothing would tell where its numbers end.", open, close + 1 - open);
                return null;
            }
            texts.Add(name.Substring(at, open - at));
            holes.Add(numbers);
            at = close + 1;
        }
        texts.Add(name.Substring(at));
        return new(texts.ToImmutable(), holes.ToImmutable());
    }

    private static bool IsNumber(char c) => NameSlot.IsDigit(c);

    private static NumberSet? Ranges(string name, int start, int end, Action<string, int, int> fault)
    {
        var all = NumberSet.Empty;
        for (var at = start; at <= end;)
        {
            var comma = name.IndexOf(',', at, end - at);
            var itemEnd = comma < 0 ? end : comma;
            var item = name.Substring(at, itemEnd - at);
            var (numbers, wrong) = Range(item);
            if (numbers is not null && numbers.Overlaps(all)) wrong = $"{numbers.Intersect(all)} stands twice in the range.";
            if (numbers is null || wrong is not null)
            {
                fault(wrong!, Math.Min(at, name.Length - 1), Math.Max(item.Length, 1));
                return null;
            }
            all = all.Union(numbers);
            at = itemEnd + 1;
        }
        return all;
    }

    private static (NumberSet? Numbers, string? Wrong) Range(string item)
    {
        string[] parts = item.Split([".."], StringSplitOptions.None);
        var ends = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!NameSlot.TryNumber(parts[i], 0, parts[i].Length, out ends[i]) || parts.Length > 3)
                return (null, $"'{item}' is no range: it is a number, 'first..last' or 'first..last..step', of at most nine digits each.");
        }
        if (parts.Length == 1) return (NumberSet.Of(ends[0]), null);
        var step = parts.Length == 3 ? ends[2] : 1;
        if (step == 0) return (null, $"The range '{item}' has steps of 0.");
        if (ends[1] < ends[0]) return (null, $"The range '{item}' ends before it begins.");
        if ((ends[1] - ends[0]) / step >= Limit)
            return (null, $"The range '{item}' has more than {Limit.ToString(CultureInfo.InvariantCulture)} numbers.");
        return (step == 1 ? NumberSet.Range(ends[0], ends[1]) : NumberSet.FromSorted(Stepped(ends[0], ends[1], step)), null);
    }

    private static IEnumerable<int> Stepped(int first, int last, int step)
    {
        for (var number = first; number <= last; number += step) yield return number;
    }
}
