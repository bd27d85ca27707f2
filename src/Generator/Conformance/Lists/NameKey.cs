using System.Collections.Immutable;
using System.Text;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>
/// What names are looked up by: the name with a zero for each hole and each run of digits, as long as it goes. No other digit is left, so
/// that nothing else looks like one. What stands at the zeros is compared afterwards.
/// </summary>
internal sealed class NameKey
{
    private NameKey(string text, ImmutableArray<NameSlot> slots) => (Text, Slots) = (text, slots);

    /// <summary>The name with a zero for each slot.</summary>
    public string Text { get; }

    /// <summary>What stands at each zero.</summary>
    public ImmutableArray<NameSlot> Slots { get; }

    /// <summary>The key of a name or a prefix without holes.</summary>
    public static NameKey Of(string name) => Of([name], []);

    /// <summary>The key of a template, or of a query, whose holes have any number.</summary>
    /// <param name="texts">What stands before, between and after the holes.</param>
    /// <param name="holes">The numbers of each hole, null for any.</param>
    public static NameKey Of(ImmutableArray<string> texts, ImmutableArray<NumberSet?> holes)
    {
        var key = new StringBuilder();
        var slots = ImmutableArray.CreateBuilder<NameSlot>();
        for (var i = 0; i < texts.Length; i++)
        {
            if (i > 0)
            {
                key.Append('0');
                slots.Add(new(i - 1, holes[i - 1]));
            }
            var text = texts[i];
            for (var at = 0; at < text.Length;)
            {
                var end = at;
                while (end < text.Length && NameSlot.IsDigit(text[end])) end++;
                if (end > at)
                {
                    key.Append('0');
                    slots.Add(new(text.Substring(at, end - at)));
                    at = end;
                }
                else
                {
                    key.Append(text[at++]);
                }
            }
        }
        return new(key.ToString(), slots.ToImmutable());
    }

    /// <summary>Compares what stands at the zeros with what a query wants there: with all of it, or as far as the query goes.</summary>
    /// <param name="query">The query.</param>
    /// <param name="left">For each hole of this name, the numbers that the query leaves; those it does not reach are unchanged.</param>
    /// <param name="found">For each hole of the query, the numbers that stand there.</param>
    /// <returns>False where some slot cannot be what the query wants.</returns>
    public bool Matches(NameKey query, NumberSet[] left, NumberSet[] found)
    {
        for (var i = 0; i < query.Slots.Length; i++)
        {
            var (ours, wanted) = (Slots[i], query.Slots[i]);
            if (ours.Digits is not null && wanted.Digits is not null)
            {
                if (ours.Digits != wanted.Digits) return false;
                continue;
            }
            var numbers = wanted.Numbers ?? ours.Numbers;
            // Digits that are no number stand in no hole.
            if (numbers is null || ours.Numbers is null || (wanted.Digits is not null && wanted.Numbers is null)) return false;
            if (!ReferenceEquals(numbers, ours.Numbers) && (numbers = numbers.Intersect(ours.Numbers)).IsEmpty) return false;
            if (ours.Hole >= 0) left[ours.Hole] = numbers;
            if (wanted.Hole >= 0) found[wanted.Hole] = numbers;
        }
        return true;
    }

    /// <summary>Whether some name is also one of another template with the same key.</summary>
    public bool Overlaps(NameKey other)
    {
        for (var i = 0; i < Slots.Length; i++)
        {
            var (ours, theirs) = (Slots[i], other.Slots[i]);
            if (ours.Digits is not null && theirs.Digits is not null)
            {
                if (ours.Digits != theirs.Digits) return false;
            }
            else if (ours.Numbers is null || theirs.Numbers is null || !ours.Numbers.Overlaps(theirs.Numbers))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>What of the name follows a prefix.</summary>
    /// <param name="prefix">The key of the prefix.</param>
    /// <param name="left">The numbers of each hole of the name.</param>
    public NameTemplate After(NameKey prefix, ImmutableArray<NumberSet> left)
    {
        var (texts, holes) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<NumberSet>());
        var text = new StringBuilder();
        var slot = prefix.Slots.Length;
        for (var at = prefix.Text.Length; at < Text.Length; at++)
        {
            if (Text[at] != '0')
            {
                text.Append(Text[at]);
            }
            else if (Slots[slot++] is { Hole: >= 0 and var hole })
            {
                texts.Add(text.ToString());
                holes.Add(left[hole]);
                text.Clear();
            }
            else
            {
                text.Append(Slots[slot - 1].Digits);
            }
        }
        texts.Add(text.ToString());
        return new(texts.ToImmutable(), holes.ToImmutable());
    }
}
