using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Memory;
using Lanyard.Parts;

namespace Lanyard.Books;

/// <summary>The books of one tensor that comes in parts: what came, and what of it is still missing.</summary>
internal sealed class PartedTensor
{
    private const int Shown = 3;

    private readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.Ordinal);
    private Remainder? _remainder;
    private ImmutableArray<TensorUse> _uses = [];

    /// <summary>The shape of the whole tensor; null until a part is entered.</summary>
    public ImmutableArray<long>? Shape => _remainder?.Shape;

    /// <summary>Whether a part of it was refused: then what lacks says nothing.</summary>
    public bool IsWrong { get; set; }

    /// <summary>Enters a part under one of the tensor's names.</summary>
    /// <param name="arrival">How it comes.</param>
    /// <param name="name">The name, without a prefix.</param>
    /// <param name="part">The part, of a tensor of the same shape as those before.</param>
    /// <param name="uses">What the tensor is taken for, with slots of the whole tensor.</param>
    /// <param name="twice">The elements that had come before, for messages, or null.</param>
    /// <returns>Whether the part is to be written: it is new, and not the same one under the other name of a tied tensor.</returns>
    public bool Enter(Arrival arrival, string name, TensorPart part, ImmutableArray<TensorUse> uses, out string? twice)
    {
        twice = null;
        var known = _names.TryGetValue(arrival.Place, out var names);
        if (known && names!.Add(name)) return false;
        _remainder ??= new Remainder(part.WholeShape);
        if (_remainder.Take(part.Box) is { IsEmpty: false } again)
        {
            twice = Text(again);
            return false;
        }
        if (!known) _names.Add(arrival.Place, [name]);
        _uses = uses;
        return true;
    }

    /// <summary>For each parameter that does not get all of its elements, what it lacks, for messages.</summary>
    public IEnumerable<(ModelParameter Parameter, string Expected, string Found)> Gaps()
    {
        if (IsWrong || _remainder is null) yield break;
        foreach (var uses in _uses.GroupBy(use => use.Parameter))
        {
            ImmutableArray<IndexBox> needed = [.. uses.SelectMany(use => use.Slots).Select(slot => TensorPart.BoxOf(slot, _remainder.Shape))];
            ImmutableArray<IndexBox> missing = [.. needed.SelectMany(box => _remainder.Of(box))];
            if (missing.IsEmpty) continue;
            (needed, missing) = (Apart(needed), Apart(missing));
            var (all, lacking) = (needed.Sum(box => box.Count), missing.Sum(box => box.Count));
            yield return (uses.Key, $"all {all} elements that this rank takes of {Shapes.Text(_remainder.Shape)}", $"{all - lacking}, without {Text(missing)}");
        }
    }

    /// <summary>The same elements in boxes that have none in common: an element that has several places is needed once.</summary>
    private static ImmutableArray<IndexBox> Apart(ImmutableArray<IndexBox> boxes) => boxes.Aggregate(
        ImmutableArray<IndexBox>.Empty, (apart, box) => apart.AddRange(apart.Aggregate((IEnumerable<IndexBox>)[box], (rest, other) => [.. rest.SelectMany(part => part.Except(other))])));

    private static string Text(ImmutableArray<IndexBox> boxes) => string.Join(" and ", boxes.Take(Shown)) + (boxes.Length > Shown ? $" and {boxes.Length - Shown} more" : "");
}
