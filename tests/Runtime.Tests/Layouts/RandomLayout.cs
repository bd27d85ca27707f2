using System.Collections.Immutable;
using CsCheck;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>
/// A layout that is right by construction: the same elements arranged once as a parameter and once in sources, which may
/// hold more than the parameter takes.
/// </summary>
internal sealed class RandomLayout
{
    private readonly Tape _tape;
    private readonly List<Axis> _axes = [];

    private RandomLayout(int[] choices, bool repeats)
    {
        _tape = new Tape(choices);
        var common = Enumerable.Range(0, _tape.Below(4)).Select(_ => Leaf()).ToList();
        var union = _tape.Chance(60) ? Enumerable.Range(0, 2 + _tape.Below(2)).Select(i => new Part("pqs"[i].ToString(), [.. Leaves(1 + _tape.Below(2))])).ToArray() : [];
        Parameter = Arrange(common, union, pads: true);

        var repeated = common.Where(_ => repeats && _tape.Chance(40)).ToArray();
        var named = common.Except(repeated).Where(_ => _tape.Chance(30)).ToArray();
        var stored = common.Except(repeated).Except(named).ToArray();
        var prefix = string.Concat(_tape.Shuffle(named).Select(leaf => $"n.{{{leaf}{Shift(leaf)}}}."));
        if (union.Length > 0 && _tape.Chance(50))
        {
            // One source for each part, by name, by a tag of its own, or as a part of a larger tensor.
            Sources = [.. _tape.Shuffle(union).Select(part => _tape.Below(3) switch
            {
                0 => new LayoutSource($"{prefix}{part.Tag}", Arrange([.. stored, .. part.Leaves], [], pads: true), part.Tag),
                1 => new LayoutSource($"{prefix}{part.Tag}", Arrange([.. stored, $"({part.Tag}: {Row(part.Leaves)})"], [], pads: false)),
                _ => new LayoutSource($"{prefix}{part.Tag}", Arrange(stored, [part, new Part("x", [Leaf()])], pads: false)),
            })];
        }
        else if (union.Length > 0 && _tape.Chance(30))
        {
            Sources = [new LayoutSource($"{prefix}of.{{{Union(union)}}}", Arrange(stored, [], pads: false))];
        }
        else
        {
            Sources = [new LayoutSource($"{prefix}w", Arrange(stored, union, pads: true))];
        }
        if (repeated.Length > 0) Sources = [.. Sources.Select(source => source with { Repeat = string.Join(' ', _tape.Shuffle(repeated)) })];
        Axes = [.. _tape.Shuffle(_axes)];
    }

    public static Gen<RandomLayout> Gen { get; } = CsCheck.Gen.Int[0, 999].Array[0, 80].Select(choices => new RandomLayout(choices, repeats: false));

    /// <summary>Layouts whose sources may lack axes, over which they are repeated.</summary>
    public static Gen<RandomLayout> Repeating { get; } = CsCheck.Gen.Int[0, 999].Array[0, 80].Select(choices => new RandomLayout(choices, repeats: true));

    public string Parameter { get; }

    public ImmutableArray<LayoutSource> Sources { get; }

    public ImmutableArray<Axis> Axes { get; }

    public static AxisShare Share(Tape tape, int size) => tape.Below(7) switch
    {
        0 => AxisShare.Range(tape.Below(size), 1),
        1 => AxisShare.Range(0, 1 + tape.Below(size)),
        2 => AxisShare.List([.. tape.Shuffle(Enumerable.Range(0, size)).Take(1 + tape.Below(size)).Select(i => (long)i)]),
        3 => AxisShare.List([.. Enumerable.Range(0, size).Where(i => i % 2 == 0).Select(i => (long)i)]),
        4 => AxisShare.Range(0, 0),
        _ => AxisShare.All,
    };

    public override string ToString() =>
        $"{Parameter} <- {string.Join("; ", Sources.AsEnumerable())} with {string.Join(", ", Axes.Select(axis => $"{axis.Name}={axis.Size} [{string.Join(" ", axis.Labels)}] held {axis.Held}"))}";

    private IEnumerable<string> Leaves(int count) => Enumerable.Range(0, count).Select(_ => Leaf()).ToArray();

    /// <summary>A new axis, or blocks of new axes: what one element has one index of.</summary>
    private string Leaf()
    {
        if (!_tape.Chance(25))
            return NewAxis(inBlocks: false);
        var inside = NewAxis(inBlocks: true);
        if (_tape.Chance(40))
            inside += " " + NewAxis(inBlocks: true);
        if (_tape.Chance(30))
            inside += " + " + NewAxis(inBlocks: true);
        return $"blocks(({inside}), {1 + _tape.Below(4)})";
    }

    private string NewAxis(bool inBlocks)
    {
        var name = $"a{_axes.Count}";
        var size = 1 + _tape.Below(inBlocks ? 5 : 4);
        var labels = _tape.Chance(30) ? Enumerable.Range(0, size).Select(i => $"{name}l{i}").ToImmutableArray() : [];
        var share = !inBlocks && _tape.Chance(10) ? AxisShare.PaddedRange(_tape.Below(size + 2), _tape.Below(4)) : Share(_tape, size);
        _axes.Add(new Axis(name, size, labels, share));
        return name;
    }

    private string Shift(string leaf) => leaf.StartsWith('a') && _tape.Chance(30) ? new[] { " - 1", " + 1", " + 12" }[_tape.Below(3)] : "";

    private string Arrange(IEnumerable<string> leaves, Part[] union, bool pads)
    {
        var items = _tape.Shuffle(union.Length == 0 ? leaves : [.. leaves, $"({Union(union)})"]).ToList();
        while (items.Count > 1 && _tape.Chance(40))
        {
            var at = _tape.Below(items.Count - 1);
            items[at] = $"({items[at]} {items[at + 1]})";
            items.RemoveAt(at + 1);
        }
        if (pads && items.Count > 0 && _tape.Chance(25))
        {
            var at = _tape.Below(items.Count);
            items[at] = $"pad({items[at]}, {1 + _tape.Below(4)})";
        }
        if (_tape.Chance(10))
            items.Insert(_tape.Below(items.Count + 1), "1");
        return string.Join(" ", items);
    }

    private string Union(Part[] parts) => string.Join(" + ", _tape.Shuffle(parts).Select(part => $"{part.Tag}: {Row(part.Leaves)}"));

    private string Row(ImmutableArray<string> leaves) => string.Join(" ", _tape.Shuffle(leaves));

    private sealed record Part(string Tag, ImmutableArray<string> Leaves);
}
