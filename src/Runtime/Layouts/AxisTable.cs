using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>The axes of one model on one rank, blocks among them.</summary>
internal sealed class AxisTable
{
    private readonly Dictionary<string, Axis> _axes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldAxis> _held = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two axes have one name.</exception>
    public AxisTable(IReadOnlyList<Axis> axes)
    {
        foreach (var axis in axes)
        {
            if (_axes.ContainsKey(axis.Name))
                throw new ArgumentException($"Axis \"{axis.Name}\" is given twice.", nameof(axes));
            _axes.Add(axis.Name, axis);
            _held.Add(axis.Name, new HeldAxis(axis.Size, axis.Held.Count(axis.Size), axis.Held.Runs(axis.Size)));
        }
    }

    public ICollection<string> Names => _axes.Keys;

    public ImmutableArray<string> Labels(AxisNode axis) => _axes[axis.Name].Labels;

    /// <summary>The whole extent of an axis.</summary>
    public long Full(ItemNode axis) => axis is BlocksNode blocks
        ? Extents.DivideUp(Extents.Of(blocks.Composition, Full), blocks.Size)
        : _held[axis.AxisKey!].Size;

    /// <summary>The extent of an axis on this rank.</summary>
    public long Held(ItemNode axis) => Of(axis.AxisKey!).Count;

    public HeldAxis Of(string key) => _held[key];

    /// <summary>Derives what this rank holds of the blocks in some items; an error if a share cuts one.</summary>
    public LayoutError? HoldBlocks(ImmutableArray<ItemNode> items)
    {
        foreach (var item in items)
        {
            if (HoldBlocks(item) is { } error)
                return error;
        }
        return null;
    }

    private LayoutError? HoldBlocks(ItemNode item) => item switch
    {
        PadNode pad => HoldBlocks(pad.Composition),
        // From within: blocks of blocks count what is held of the inner ones.
        BlocksNode blocks => HoldBlocks(blocks.Composition) ?? Hold(blocks),
        CompositionNode composition => HoldBlocks([.. composition.Parts.SelectMany(static part => part.Items)]),
        _ => null,
    };

    private LayoutError? Hold(BlocksNode blocks)
    {
        // Known by their text: the same blocks in another place are the same axis.
        if (_held.ContainsKey(blocks.AxisKey))
            return null;
        var end = Extents.Of(blocks.Composition, Full);
        var runs = ImmutableArray.CreateBuilder<IndexRun>();
        var found = 0L;
        var positions = Positions(blocks.Composition);
        foreach (var run in positions)
        {
            var next = run.Start + run.Count;
            if (run.Start % blocks.Size != 0 || (next % blocks.Size != 0 && next != end))
                return Cut(blocks, run);
            var count = Extents.DivideUp(run.Count, blocks.Size);
            runs.Add(new IndexRun(run.Start / blocks.Size, count));
            found += count;
        }
        var held = Extents.DivideUp(Extents.Of(blocks.Composition, Held), blocks.Size);
        // Padding of the whole inside the blocks can be more than the padding of what a rank holds.
        if (found > held)
            return Cut(blocks, positions[positions.Count - 1]);
        _held.Add(blocks.AxisKey, new HeldAxis(Full(blocks), held, runs.ToImmutable()));
        return null;
    }

    /// <summary>Which positions of the whole item this rank holds, in order.</summary>
    private List<IndexRun> Positions(ItemNode item)
    {
        var positions = new List<IndexRun>();
        switch (item)
        {
            case OneNode:
                Append(positions, 0, 1);
                break;
            case PadNode pad:
                // The padding at the end of the whole goes with the last position before it.
                var end = Extents.Of(pad.Composition, Full);
                var padding = Extents.Of(pad, Full) - end;
                foreach (var run in Positions(pad.Composition))
                    Append(positions, run.Start, run.Start + run.Count == end ? run.Count + padding : run.Count);
                break;
            case CompositionNode composition:
                var offset = 0L;
                foreach (var part in composition.Parts)
                {
                    foreach (var run in Positions(part.Items))
                        Append(positions, offset + run.Start, run.Count);
                    offset += Extents.Of(part.Items, Full);
                }
                break;
            default:
                foreach (var run in Of(item.AxisKey!).Runs)
                {
                    if (run.Step == 1)
                        Append(positions, run.Start, run.Count);
                    else
                        for (var index = run.Start; index <= run.Last; index += run.Step)
                            Append(positions, index, 1);
                }
                break;
        }
        return positions;
    }

    /// <summary>Which positions of a whole row of items this rank holds, in order.</summary>
    public List<IndexRun> Positions(ImmutableArray<ItemNode> items)
    {
        List<IndexRun> row = [new IndexRun(0, 1)];
        var extent = 1L;
        for (var i = items.Length - 1; i >= 0; i--)
        {
            var slower = Positions(items[i]);
            var product = new List<IndexRun>();
            foreach (var run in slower)
            {
                // What is faster is held whole, as nearly always. Then sizes cost nothing; index by index they would cost time.
                if (row is [{ Start: 0 } whole] && whole.Count == extent)
                {
                    Append(product, run.Start * extent, run.Count * extent);
                    continue;
                }
                for (var index = run.Start; index < run.Start + run.Count; index++)
                {
                    foreach (var inside in row)
                        Append(product, (index * extent) + inside.Start, inside.Count);
                }
            }
            row = product;
            extent *= Extents.Of(items[i], Full);
        }
        return row;
    }

    private static void Append(List<IndexRun> runs, long start, long count)
    {
        if (count == 0)
            return;
        if (runs.Count > 0 && runs[runs.Count - 1] is var last && last.Start + last.Count == start)
            runs[runs.Count - 1] = last with { Count = last.Count + count };
        else
            runs.Add(new IndexRun(start, count));
    }

    private LayoutError Cut(BlocksNode blocks, IndexRun run)
    {
        var shares = new List<string>();
        Describe(blocks.Composition, shares);
        return new LayoutError(
            LayoutErrorKind.CutBlock,
            FormattableString.Invariant(
                $"Expected whole blocks of {blocks.Size} in {blocks}; this rank holds positions {run.Start}..{run.Last} together ({string.Join("; ", shares)}), which cuts a block."),
            blocks.Start,
            blocks.Length);
    }

    private void Describe(CompositionNode composition, List<string> shares)
    {
        foreach (var axis in Nodes.AxesOf(composition))
        {
            var held = _axes[axis.Name];
            if (!held.Held.IsAll)
                shares.Add(FormattableString.Invariant($"{held.Held} of {axis.Name}, which has {held.Size}"));
        }
    }
}
