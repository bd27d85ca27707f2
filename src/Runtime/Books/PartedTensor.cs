using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;
using Lanyard.Parts;

namespace Lanyard.Books;

/// <summary>The books of one tensor that comes in parts: what came, and what of it is still missing.</summary>
internal sealed class PartedTensor
{
    private const int Shown = 3;

    private readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.Ordinal);

    // One for each shape that the tensor may have: of what is decoded with others, one or more.
    private List<Remainder> _shapes = [];
    private ImmutableArray<TensorUse> _uses = [];

    /// <summary>The shape of the whole tensor; null until a part is entered.</summary>
    public ImmutableArray<long>? Shape => _shapes is [var first, ..] ? first.Shape : null;

    /// <summary>Whether nothing is written of it before all of it came; null until a part is entered.</summary>
    public bool? IsAssembled { get; private set; }

    /// <summary>The type of a tensor that is assembled.</summary>
    public StoredType Type { get; private set; }

    /// <summary>A shape that holds every shape which such a tensor may have.</summary>
    public ImmutableArray<long> Room { get; private set; }

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
        IsAssembled ??= false;
        if (_shapes.Count == 0) _shapes.Add(new Remainder(part.WholeShape));
        return Enter(arrival, name, part.Box, uses, out twice);
    }

    /// <summary>Enters a chunk of a tensor that is assembled.</summary>
    /// <param name="arrival">How it comes.</param>
    /// <param name="name">The name, without a prefix.</param>
    /// <param name="shapes">The shapes that the tensor may have, all of which hold the chunk; at least one.</param>
    /// <param name="uses">What it serves.</param>
    /// <param name="twice">The elements that had come before, for messages, or null.</param>
    /// <returns>Whether the chunk is to be kept.</returns>
    public bool Enter(Arrival arrival, string name, ImmutableArray<ImmutableArray<long>> shapes, ImmutableArray<TensorUse> uses, out string? twice)
    {
        if (IsAssembled is null)
        {
            (IsAssembled, Type) = (true, arrival.Type);
            _shapes = [.. shapes.Select(shape => new Remainder(shape))];
            Room = [.. shapes[0].Select((_, d) => shapes.Max(shape => shape[d]))];
        }
        _shapes.RemoveAll(known => !Holds(known.Shape, shapes));
        return Enter(arrival, name, TensorPart.Whole(_shapes[0].Shape).Within(arrival.Start, arrival.Shape)!.Box, uses, out twice);
    }

    /// <summary>Those of some shapes that the tensor can still have.</summary>
    public ImmutableArray<ImmutableArray<long>> Left(ImmutableArray<ImmutableArray<long>> shapes) => IsAssembled is null ? shapes : [.. shapes.Where(shape => Holds(shape, [.. _shapes.Select(known => known.Shape)]))];

    /// <summary>The shape of a tensor that is assembled, once all of it came; null before, and where it may be a part of a larger one.</summary>
    public ImmutableArray<long>? Assembled => IsAssembled == true && _shapes is [{ IsEmpty: true } whole] ? whole.Shape : null;

    /// <summary>As what such a tensor was taken when all of it had come; null before.</summary>
    public Arrival? Taken { get; set; }

    private bool Enter(Arrival arrival, string name, IndexBox box, ImmutableArray<TensorUse> uses, out string? twice)
    {
        twice = null;
        var known = _names.TryGetValue(arrival.Place, out var names);
        if (known && names!.Add(name)) return false;

        // What is left of one shape is what is left of the others that hold all that came, and more or less at their ends.
        foreach (var shape in _shapes)
        {
            if (shape.Take(box) is not { IsEmpty: false } again) continue;
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
        if (IsWrong || _shapes.Count == 0 || Assembled is not null) yield break;
        var remainder = _shapes.Find(shape => !shape.IsEmpty) ?? _shapes[0];
        var told = _shapes.Find(shape => shape.IsEmpty) is { } whole ? $"; all of it would be {Shapes.Text(whole.Shape)}, brought whole or with LoadOptions.Format" : "";
        foreach (var uses in _uses.Where(use => !use.Slots.IsEmpty).GroupBy(use => use.Parameter))
        {
            ImmutableArray<IndexBox> needed = IsAssembled == true ? [IndexBox.Whole(remainder.Shape)] : [.. uses.SelectMany(use => use.Slots).Select(slot => TensorPart.BoxOf(slot, remainder.Shape))];
            ImmutableArray<IndexBox> missing = [.. needed.SelectMany(box => remainder.Of(box))];
            if (missing.IsEmpty) continue;
            (needed, missing) = (Apart(needed), Apart(missing));
            var (all, lacking) = (needed.Sum(box => box.Count), missing.Sum(box => box.Count));
            yield return (uses.Key, $"all {all} elements that this rank takes of {Shapes.Text(remainder.Shape)}{told}", $"{all - lacking}, without {Text(missing)}");
        }
    }

    /// <summary>The same elements in boxes that have none in common: an element that has several places is needed once.</summary>
    private static ImmutableArray<IndexBox> Apart(ImmutableArray<IndexBox> boxes) => boxes.Aggregate(ImmutableArray<IndexBox>.Empty, (apart, box) => apart.AddRange(IndexBox.Without([box], apart)));

    private static bool Holds(ImmutableArray<long> shape, ImmutableArray<ImmutableArray<long>> shapes) => shapes.Any(other => other.AsSpan().SequenceEqual(shape.AsSpan()));

    private static string Text(ImmutableArray<IndexBox> boxes) => string.Join(" and ", boxes.Take(Shown)) + (boxes.Length > Shown ? $" and {boxes.Length - Shown} more" : "");
}
