using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Maps;

/// <summary>What a rank holds of an axis that follows others: what their indices need that it holds.</summary>
internal static class FollowerShare
{
    /// <summary>The axes that an axis follows, as the items of one dimension.</summary>
    public static ImmutableArray<ItemNode> LeadersOf(AxisEntry entry, out string? problem)
    {
        problem = entry.Shard != Shard.None || entry.Replicate || entry.PadTo != 1 || entry.Padded || entry.PadWithin is not null ? $"follows {entry.Follows}, and is divided by itself, too"
            : entry.Unit < 0 ? $"follows {entry.Follows} in units of {entry.Unit}"
            : !Pattern.TryParse(entry.Follows!, out var pattern, out var error) ? $"follows \"{entry.Follows}\": {error}"
            : pattern.Items.IsEmpty || Nodes.HasOtherThanAxes(pattern.Items) ? $"follows \"{entry.Follows}\", which are no axes"
            : null;
        return problem is null ? Pattern.Parse(entry.Follows!).Items : [];
    }

    /// <summary>The indices that the held ones of the leader need, ascending, each once.</summary>
    /// <param name="entry">The axis.</param>
    /// <param name="size">Its size.</param>
    /// <param name="leader">What it follows.</param>
    /// <param name="axes">The axes of the leader, with what the rank holds.</param>
    /// <param name="problem">Why there is no such share, or null.</param>
    public static AxisShare Of(AxisEntry entry, long size, ImmutableArray<ItemNode> leader, AxisTable axes, out string? problem)
    {
        var whole = Extents.Of(leader, axes.Full);
        var units = entry.Unit == 0 ? whole : Extents.DivideUp(whole, entry.Unit);
        problem = entry.Unit > 0 && units != size ? $"follows {entry.Follows} of size {whole} in units of {entry.Unit}, which are {units}"
            : size > units ? $"follows {entry.Follows} of size {whole}, whose indices need one each, and the others would be on no rank"
            : null;
        if (problem is not null) return AxisShare.All;

        // Neighbours may need the same.
        return IndexRuns.Union(axes.Positions(leader).Select(Needed)) switch
        {
            [] => AxisShare.Range(0, 0),
            [var run] => run.Count == size ? AxisShare.All : AxisShare.Range(run.Start, run.Count),
            var needed => AxisShare.List([.. needed.SelectMany(static run => run.Indices())]),
        };

        // Positions in a row need indices in a row, for no index is needed by none.
        IndexRun Needed(IndexRun positions)
        {
            var (first, last) = (Need(positions.Start), Need(positions.Last));
            return new IndexRun(first, last - first + 1);
        }

        long Need(long position) => entry.Unit > 0 ? position / entry.Unit : (long)((Int128)position * size / whole);
    }
}
