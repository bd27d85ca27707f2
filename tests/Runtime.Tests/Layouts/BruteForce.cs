using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>The meaning of the notation, written out element by element, without strides or alternatives.</summary>
internal sealed class BruteForce(IReadOnlyList<Axis> axes)
{
    private readonly Dictionary<string, Axis> _axes = axes.ToDictionary(axis => axis.Name);

    /// <summary>The shape, and for each position what fills it; null if the share cuts a block.</summary>
    public (ImmutableArray<long> Shape, (string Tensor, long Position)?[] Elements)? Resolve(string parameter, IReadOnlyList<LayoutSource> sources)
    {
        var pattern = Pattern.Parse(parameter);
        var dimensions = pattern.Items.Select(item => Item(item, held: true)).ToArray();
        if (dimensions.Contains(null))
            return null;
        var wanted = Product(dimensions!);
        var elements = new (string, long)?[wanted.Count];
        foreach (var source in sources)
        {
            var given = new Dictionary<string, (string, long)>();
            foreach (var (name, place) in Names(NamePattern.Parse(source.Name)))
            {
                var row = Product([.. Pattern.Parse(source.Pattern).Items.Select(item => Item(item, held: false)!)]);
                for (var i = 0; i < row.Count; i++)
                {
                    if (place is null || row[i] is not { } inside)
                        continue;
                    foreach (var everywhere in Product([.. Pattern.Parse(source.Repeat ?? "").Items.Select(item => Item(item, held: false)!)]))
                        given.Add(Text(place.Union(inside).Union(everywhere!), source.Part), (name, i));
                }
            }
            for (var i = 0; i < elements.Length; i++)
            {
                if (wanted[i] is { } identity && given.TryGetValue(Text(identity, source.Part), out var found))
                {
                    Assert.Null(elements[i]);
                    elements[i] = found;
                }
            }
        }
        return ([.. dimensions.Select(dimension => (long)dimension!.Count)], elements);
    }

    private List<ImmutableHashSet<string>?>? Item(ItemNode item, bool held) => item switch
    {
        OneNode => [[]],
        AxisNode axis => held ? [.. Held(_axes[axis.Name])] : [.. Indices(axis.Name, _axes[axis.Name].Size)],
        PadNode pad => Padded(Item(pad.Composition, held), pad.Multiple),
        BlocksNode blocks => held ? HeldBlocks(blocks) : [.. Indices(blocks.AxisKey, (Item(blocks.Composition, held: false)!.Count + blocks.Size - 1) / blocks.Size)],
        CompositionNode composition => Parts(composition, held),
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };

    private List<ImmutableHashSet<string>?>? Parts(CompositionNode composition, bool held)
    {
        var all = new List<ImmutableHashSet<string>?>();
        foreach (var part in composition.Parts)
        {
            var items = part.Items.Select(item => Item(item, held)).ToArray();
            if (items.Contains(null))
                return null;
            all.AddRange(Product(items!).Select(identity => part.Tag is null ? identity : identity?.Add("#" + part.Tag)));
        }
        return all;
    }

    private List<ImmutableHashSet<string>?>? HeldBlocks(BlocksNode blocks)
    {
        var whole = Item(blocks.Composition, held: false)!.ConvertAll(identity => Text(identity!, null));
        var positions = Item(blocks.Composition, held: true)!.ConvertAll(identity => whole.IndexOf(Text(identity!, null)));
        var numbers = new List<long>();
        for (var i = 0; i < positions.Count;)
        {
            var number = positions[i] / blocks.Size;
            var block = Enumerable.Range(0, whole.Count).Where(position => position / blocks.Size == number).ToArray();
            if (!positions.Skip(i).Take(block.Length).SequenceEqual(block))
                return null;
            numbers.Add(number);
            i += block.Length;
        }
        return [.. numbers.Select(number => One(blocks.AxisKey, number))];
    }

    private IEnumerable<(string Name, ImmutableHashSet<string>? Place)> Names(NamePattern name)
    {
        IEnumerable<(string Name, ImmutableHashSet<string>? Place)> names = [("", [])];
        foreach (var segment in name.Segments)
        {
            names = segment is HoleSegment hole
                ? from before in names.ToList()
                  from at in Item(hole.Composition, held: false)!.Select((place, index) => (place, index))
                  select (before.Name + Spell(hole, at.index), at.place is null ? null : before.Place?.Union(at.place))
                : names.Select(before => (before.Name + segment, before.Place)).ToList();
        }
        return names;
    }

    private string Spell(HoleSegment hole, int index) =>
        hole.Shift is null && hole.Composition.ToString() is var text && _axes.TryGetValue(text[1..^1], out var axis) && !axis.Labels.IsEmpty
            ? axis.Labels[index]
            : (index + (hole.Shift ?? 0)).ToString();

    private static IEnumerable<ImmutableHashSet<string>?> Held(Axis axis)
    {
        var indices = axis.Held.Runs(axis.Size).SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.Start + (i * run.Step))).ToList();
        return indices.Select(index => One(axis.Name, index)).Concat(new ImmutableHashSet<string>?[axis.Held.Count(axis.Size) - indices.Count]);
    }

    private static List<ImmutableHashSet<string>?>? Padded(List<ImmutableHashSet<string>?>? row, long multiple)
    {
        while (row is not null && row.Count % multiple != 0)
            row.Add(null);
        return row;
    }

    private static List<ImmutableHashSet<string>?> Product(IReadOnlyList<List<ImmutableHashSet<string>?>> items)
    {
        List<ImmutableHashSet<string>?> row = [[]];
        foreach (var item in items)
            row = [.. row.SelectMany(slower => item.Select(faster => slower is null || faster is null ? null : slower.Union(faster)))];
        return row;
    }

    private static IEnumerable<ImmutableHashSet<string>?> Indices(string axis, long size) =>
        Enumerable.Range(0, (int)size).Select(index => One(axis, index));

    private static ImmutableHashSet<string> One(string axis, long index) => [$"{axis}={index}"];

    private static string Text(ImmutableHashSet<string> identity, string? part) =>
        string.Join("|", (part is null ? identity : identity.Add("#" + part)).Order(StringComparer.Ordinal));
}
