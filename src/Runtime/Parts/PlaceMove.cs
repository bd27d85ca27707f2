using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>The moves of one part of a parameter: elements of the same loops go from place to place.</summary>
/// <param name="Loops">The loops of a place, none of size one: strides of the parameter before, and, as those of a tensor, after.</param>
/// <param name="Places">Where each place begins before and after.</param>
/// <param name="IsPlaced">Whether the part has an axis of which the rank holds other indices now.</param>
internal sealed record PlaceMove(ImmutableArray<SlotLoop> Loops, ImmutableArray<(long From, long To)> Places, bool IsPlaced)
{
    /// <summary>Neither a place before nor one after: room for the elements of one place.</summary>
    public const long Scratch = -1;

    /// <summary>Where what was not on the rank comes from.</summary>
    public const long Nowhere = -2;

    /// <summary>The moves of what was on the rank.</summary>
    public IEnumerable<(long From, long To)> Known => Places.Where(place => place.From != Nowhere);

    /// <summary>The places of what was not, as slots of the parameter afterwards.</summary>
    public IEnumerable<LayoutSlot> New =>
        Places.Where(place => place.From == Nowhere).Select(place => LayoutSlot.Of(0, place.To, place.To, [.. Loops.Select(loop => loop with { ParameterStride = loop.TensorStride })]));

    /// <summary>An order in which nothing is overwritten before it was read, with <see cref="Scratch"/> where places take turns. What stays where it is has no move.</summary>
    public ImmutableArray<(long From, long To)> InOrder()
    {
        var sources = Known.Where(place => place.From != place.To).ToDictionary(place => place.To, place => place.From);

        // A place that stays as it is may be read whenever it is.
        var readers = sources.Values.CountBy(from => from).ToDictionary();
        var free = new Stack<long>(sources.Keys.Where(place => !readers.ContainsKey(place)));
        var order = ImmutableArray.CreateBuilder<(long From, long To)>();
        while (sources.Count > 0)
        {
            // Only circles are left: each place is read once.
            if (free.Count == 0)
            {
                var (first, _) = sources.First();
                order.Add((first, Scratch));
                sources[sources.First(place => place.Value == first).Key] = Scratch;
                readers.Remove(first);
                free.Push(first);
            }
            var to = free.Pop();
            sources.Remove(to, out var from);
            order.Add((from, to));
            if (from != Scratch && --readers[from] == 0 && readers.Remove(from) && sources.ContainsKey(from)) free.Push(from);
        }
        return order.ToImmutable();
    }
}
